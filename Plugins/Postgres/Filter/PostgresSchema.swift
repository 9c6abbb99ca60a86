/// JSON Schema of the configuration.
let postgresSchema: StaticString = """
  {
    "type": "object",
    "required": ["host", "database", "user"],
    "properties": {
      "host": {
        "type": "string", "minLength": 1, "maxLength": 1024,
        "description": "name or address; several after commas are tried in turn, for failover; a path is a socket's directory"
      },
      "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 5432},
      "database": {"type": "string", "minLength": 1, "maxLength": 63},
      "user": {"type": "string", "minLength": 1, "maxLength": 63, "description": "the role that writes"},
      "password": {
        "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
        "description": "where it is read from, at each connecting: env:NAME or file:PATH; left out: the password file, or a certificate"
      },
      "password-file": {
        "type": "string", "minLength": 1, "maxLength": 1024,
        "description": "in the form of .pgpass, mode 0600; left out: ~/.pgpass"
      },
      "tls": {
        "enum": ["verify-full", "verify-ca", "require", "disable"],
        "description": "left out: verify-full; for a socket or the loopback address: disable"
      },
      "ca": {
        "type": "string", "minLength": 1, "maxLength": 1024,
        "description": "PEM file of the authorities to trust; left out: the system's"
      },
      "certificate": {"type": "string", "minLength": 1, "maxLength": 1024, "description": "the client's own, PEM"},
      "key": {"type": "string", "minLength": 1, "maxLength": 1024, "description": "its private key, PEM, mode 0600"},
      "schema": {
        "type": "string", "pattern": "^[a-z_][a-z0-9_]{0,62}$", "default": "sluice",
        "description": "the sink's own schema"
      },
      "migrate": {
        "type": "boolean", "default": true,
        "description": "whether the schema is made, and brought up to date, where the user may do that"
      },
      "durability": {
        "enum": ["stable", "replicated"], "default": "stable",
        "description": "replicated: on a standby, too; needs synchronous_standby_names on the server"
      },
      "statement-timeout": {
        "type": "string", "pattern": "^[1-9][0-9]{0,3}s$", "default": "30s",
        "description": "how long the server, or the way to it, may take over one batch: from 1s to 3600s"
      },
      "retention": {
        "type": "object",
        "required": ["keep"],
        "properties": {
          "keep": {
            "type": "string", "pattern": "^[1-9][0-9]{0,5}d$",
            "description": "months are removed whole, once all of a month is older than this: from 1d to 36500d"
          },
          "user": {
            "type": "string", "minLength": 1, "maxLength": 63,
            "description": "the role that may run expire(); left out: the user that writes"
          },
          "password": {
            "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
            "description": "as the one above, for this role"
          }
        }
      }
    }
  }
  """
