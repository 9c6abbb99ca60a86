-- Version 2: retention by month, and what is kept from it.

-- Who holds which session, and who let it go: the newest row of a session counts. The sink adds a row where the log
-- says `session.held` or `session.released`; an officer may add one by hand:
--   INSERT INTO legal_hold (session, held, reason) VALUES ('ses_...', true, 'case 4711');
CREATE TABLE legal_hold (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session text NOT NULL,
  held boolean NOT NULL,
  reason text NOT NULL DEFAULT '',
  log text COLLATE "C",
  sequence bigint,
  noted_at timestamptz NOT NULL DEFAULT now(),
  noted_by text NOT NULL DEFAULT session_user
);
CREATE INDEX legal_hold_session ON legal_hold (session, id);
CALL make_append_only('legal_hold');

CREATE VIEW held_sessions AS
SELECT session, reason, noted_at, noted_by
FROM (SELECT DISTINCT ON (session) * FROM legal_hold ORDER BY session, id DESC) AS newest
WHERE held;

-- Which records retention has removed: what a missing record is compared with.
CREATE TABLE removals (
  log text COLLATE "C" NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL CHECK (last >= first),
  month date NOT NULL,
  removed_at timestamptz NOT NULL DEFAULT now(),
  removed_by text NOT NULL DEFAULT session_user,
  PRIMARY KEY (log, first, last)
);
CALL make_append_only('removals');

-- Removes every month whose newest instant is older than `keep`, but those with a record of a held session. Runs
-- with its owner's rights; to be granted to the role that does maintenance, never to a writer.
CREATE FUNCTION expire(keep interval) RETURNS TABLE (month date, records bigint, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  here text := current_schema();
  part record;
  is_held boolean;
BEGIN
  IF keep IS NULL OR keep < interval '1 day' THEN
    RAISE EXCEPTION 'expire() keeps a day at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR part IN
    SELECT child.relname::text AS name, to_date(right(child.relname, 7), 'YYYY_MM') AS begins
    FROM pg_inherits
    JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'records'::regclass AND child.relname ~ '^records_[0-9]{4}_[0-9]{2}$'
    ORDER BY 2
  LOOP
    CONTINUE WHEN (part.begins + interval '1 month') AT TIME ZONE 'UTC' > now() - keep;
    month := part.begins;
    -- Nobody adds to it between looking and removing.
    EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE ROW EXCLUSIVE MODE', here, part.name);
    LOCK TABLE legal_hold IN SHARE MODE;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I r JOIN held_sessions h ON r.facts ->> ''session'' = h.session '
      'WHERE r.facts ? ''session'')', here, part.name) INTO is_held;
    EXECUTE format('SELECT count(*) FROM %I.%I', here, part.name) INTO records;
    IF is_held THEN
      outcome := 'held';
      RETURN NEXT;
      CONTINUE;
    END IF;
    EXECUTE format('INSERT INTO removals (log, first, last, month) '
      'SELECT log, min(sequence), max(sequence), %L FROM ('
      'SELECT log, sequence, sequence - row_number() OVER (PARTITION BY log ORDER BY sequence) AS island '
      'FROM %I.%I) AS numbered GROUP BY log, island', month, here, part.name);
    EXECUTE format('ALTER TABLE records DETACH PARTITION %I.%I', here, part.name);
    EXECUTE format('DROP TABLE %I.%I', here, part.name);
    outcome := 'removed';
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION expire FROM PUBLIC;

INSERT INTO migrations (version) VALUES (2);
