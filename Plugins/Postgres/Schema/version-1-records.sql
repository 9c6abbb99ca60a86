-- Version 1: records, their hashes and checkpoints, all of them append-only.
--
-- Run in one transaction, as the schema's owner, with search_path set to the sink's own schema and pg_temp, which
-- functions that run with their owner's rights keep. Later versions never change what is here; they add to it.

CREATE TABLE migrations (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text NOT NULL DEFAULT session_user
);

-- One row a record, for ever. A key of a partitioned table has to hold what it is partitioned by, so that the same
-- sequence could stand in two months: this table, which is not partitioned, is what keeps each sequence once. The
-- hash, SHA-256(0x00 || record) as in RFC 6962, outlives the record, so that the log stays provable.
CREATE TABLE hashes (
  log text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL CHECK (sequence >= 0),
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (log, sequence)
);

-- What a record can be searched by. It is derived from the record alone, once, so that nobody can file a record
-- under something that it does not say. What jsonb can't hold (a NUL in a string) is replaced for this purpose.
CREATE FUNCTION facts(record text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  envelope jsonb;
  data jsonb;
  kind text;
  kinds jsonb;
BEGIN
  envelope := replace(record, '\u0000', '\ufffd')::jsonb;
  data := envelope -> 'data';
  kind := envelope ->> 'type';
  -- By itself, so that what is returned is an expression without a query, which is much faster.
  IF jsonb_typeof(data -> 'findings') = 'array' AND jsonb_array_length(data -> 'findings') > 0 THEN
    SELECT jsonb_agg(DISTINCT finding -> 'kind') INTO kinds FROM jsonb_array_elements(data -> 'findings') AS finding;
  END IF;
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'type', kind,
    'session', envelope -> 'session',
    'exchange', envelope -> 'exchange',
    'person', CASE kind
      WHEN 'request' THEN data -> 'principal' -> 'subject'
      WHEN 'approval.decided' THEN data -> 'requester'
      ELSE data -> 'subject' END,
    'reviewer', CASE kind WHEN 'approval.decided' THEN data -> 'subject' END,
    'pipeline', data -> 'pipeline',
    'model', data -> 'model',
    'kinds', kinds,
    'risk', data -> 'score',
    'verdict', data -> 'verdict',
    'approval', CASE kind
      WHEN 'approval.asked' THEN to_jsonb('pending'::text)
      WHEN 'approval.decided' THEN data -> 'state'
      ELSE data -> 'approval' -> 'state' END,
    'event', CASE kind WHEN 'administration' THEN data -> 'event' END));
EXCEPTION
  WHEN data_exception OR statement_too_complex OR program_limit_exceeded THEN
    -- Kept all the same: not to be found by what it says is better than to be lost.
    RETURN '{}';
END
$$;

CREATE TABLE records (
  log text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  time timestamptz NOT NULL,
  record text NOT NULL,
  facts jsonb GENERATED ALWAYS AS (facts(record)) STORED,
  PRIMARY KEY (log, sequence, time)
) PARTITION BY RANGE (time);

CREATE INDEX records_session ON records ((facts ->> 'session'), sequence) WHERE facts ? 'session';
CREATE INDEX records_exchange ON records ((facts ->> 'exchange')) WHERE facts ? 'exchange';
CREATE INDEX records_person ON records ((facts ->> 'person'), time) WHERE facts ? 'person';
CREATE INDEX records_risk ON records (((facts ->> 'risk')::integer), time) WHERE (facts ->> 'risk')::integer >= 50;
CREATE INDEX records_kinds ON records USING gin ((facts -> 'kinds')) WHERE facts ? 'kinds';
-- A month's records lie in the order in which they came.
CREATE INDEX records_time ON records USING brin (time);

-- The same with a column for each fact, for people.
CREATE VIEW entries AS
SELECT
  log, sequence, time,
  facts ->> 'type' AS type,
  facts ->> 'session' AS session,
  facts ->> 'exchange' AS exchange,
  facts ->> 'person' AS person,
  facts ->> 'reviewer' AS reviewer,
  facts ->> 'pipeline' AS pipeline,
  facts ->> 'model' AS model,
  facts -> 'kinds' AS kinds,
  (facts ->> 'risk')::integer AS risk,
  facts ->> 'verdict' AS verdict,
  facts ->> 'approval' AS approval,
  facts ->> 'event' AS event,
  record
FROM records;

-- Signed statements of the log's size and root, each once by its SHA-256: two of one size may differ where the
-- signing key was changed.
CREATE TABLE checkpoints (
  log text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  note text NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  noted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log, size, digest)
);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evidence is append-only: % of %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege',
      HINT = 'Records leave with their partition, by the function expire().';
END
$$;

-- ALWAYS: also where session_replication_role is 'replica'.
CREATE PROCEDURE make_append_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s '
    'FOR EACH ROW EXECUTE FUNCTION refuse()', target);
  EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION refuse()', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate', target);
END
$$;
REVOKE ALL ON PROCEDURE make_append_only FROM PUBLIC;

CALL make_append_only('hashes');
CALL make_append_only('records');
CALL make_append_only('checkpoints');
CALL make_append_only('migrations');

-- Makes the partition of a month. Runs with its owner's rights, so that a writer needs none to create tables.
-- CREATE and ATTACH, rather than CREATE ... PARTITION OF, so that readers and writers are not locked out.
CREATE FUNCTION ensure_month(at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  first timestamptz := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  next timestamptz := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  here text := current_schema();
  name text := 'records_' || to_char(at AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  IF at < '1970-01-01Z' OR at >= '2262-01-01Z' THEN
    RAISE EXCEPTION 'no record is of that time' USING ERRCODE = 'datetime_field_overflow';
  END IF;
  IF to_regclass(format('%I.%I', here, name)) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('sluice ensure_month ' || here, 0));
  IF to_regclass(format('%I.%I', here, name)) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I.%I (LIKE %I.records '
    'INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION)', here, name, here);
  EXECUTE format('ALTER TABLE %I.records ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
    here, here, name, first, next);
  -- The row trigger comes with the partition, but not how it is enabled, and not the one of TRUNCATE.
  EXECUTE format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER append_only', here, name);
  EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I.%I '
    'FOR EACH STATEMENT EXECUTE FUNCTION %I.refuse()', here, name, here);
  EXECUTE format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER no_truncate', here, name);
END
$$;
REVOKE ALL ON FUNCTION ensure_month FROM PUBLIC;

INSERT INTO migrations (version) VALUES (1);
