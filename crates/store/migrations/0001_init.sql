-- One text for SQLite and PostgreSQL. Times are epoch milliseconds. What is searched is a column; the rest of a representation is JSON in `doc`.
-- On PostgreSQL each TEXT is given the collation "C", so that both databases order by bytes.

CREATE TABLE realm (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  doc TEXT NOT NULL,                       -- the representation without what has a table of its own
  default_role TEXT
);

CREATE TABLE component (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  parent TEXT,
  name TEXT,
  provider_type TEXT,
  provider TEXT,
  sub_type TEXT,
  config TEXT NOT NULL,                    -- name -> list of values, secrets included
  created BIGINT NOT NULL
);
CREATE INDEX component_realm ON component (realm, provider_type);

CREATE TABLE client (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  client_id_folded TEXT NOT NULL,
  doc TEXT NOT NULL,                       -- the representation with its protocol mappers, without scopes and roles
  UNIQUE (realm, client_id)
);

CREATE TABLE client_scope (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  doc TEXT NOT NULL,                       -- the representation with its protocol mappers
  UNIQUE (realm, name)
);

-- the client scopes that a new client of the realm gets
CREATE TABLE realm_client_scope (
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  scope TEXT NOT NULL REFERENCES client_scope (id) ON DELETE CASCADE,
  is_default BOOLEAN NOT NULL,
  PRIMARY KEY (realm, scope)
);
CREATE INDEX realm_client_scope_scope ON realm_client_scope (scope);

CREATE TABLE client_client_scope (
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  scope TEXT NOT NULL REFERENCES client_scope (id) ON DELETE CASCADE,
  is_default BOOLEAN NOT NULL,
  PRIMARY KEY (client, scope)
);
CREATE INDEX client_client_scope_scope ON client_client_scope (scope);

CREATE TABLE role (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  client TEXT REFERENCES client (id) ON DELETE CASCADE,      -- NULL: a realm role
  name TEXT NOT NULL,
  description TEXT,
  search TEXT NOT NULL,                    -- name and description, folded
  attributes TEXT NOT NULL                 -- name -> list of values
);
CREATE UNIQUE INDEX role_of_realm ON role (realm, name) WHERE client IS NULL;
CREATE UNIQUE INDEX role_of_client ON role (client, name) WHERE client IS NOT NULL;
CREATE INDEX role_realm ON role (realm);

CREATE TABLE role_composite (
  parent TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  child TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (parent, child)
);
CREATE INDEX role_composite_child ON role_composite (child);

-- roles that a client or a client scope may put into tokens
CREATE TABLE client_scope_mapping (
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  role TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (client, role)
);
CREATE INDEX client_scope_mapping_role ON client_scope_mapping (role);
CREATE TABLE scope_scope_mapping (
  scope TEXT NOT NULL REFERENCES client_scope (id) ON DELETE CASCADE,
  role TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (scope, role)
);
CREATE INDEX scope_scope_mapping_role ON scope_scope_mapping (role);

CREATE TABLE user_group (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  parent TEXT NOT NULL DEFAULT '',         -- '' at the top, so that names are unique there too
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  description TEXT,
  UNIQUE (realm, parent, name)
);
CREATE INDEX user_group_parent ON user_group (parent, name);

CREATE TABLE group_attribute (
  user_group TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (user_group, name, position)
);

CREATE TABLE group_role (
  user_group TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  role TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (user_group, role)
);
CREATE INDEX group_role_role ON group_role (role);

CREATE TABLE realm_default_group (
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  user_group TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  PRIMARY KEY (realm, user_group)
);
CREATE INDEX realm_default_group_group ON realm_default_group (user_group);

CREATE TABLE user_account (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  username TEXT NOT NULL,                  -- lower case
  email TEXT,                              -- lower case
  email_unique TEXT,                       -- the email, or NULL where the realm allows duplicates
  email_verified BOOLEAN NOT NULL,
  first_name TEXT,
  last_name TEXT,
  first_name_folded TEXT,
  last_name_folded TEXT,
  enabled BOOLEAN NOT NULL,
  created BIGINT,
  not_before BIGINT NOT NULL DEFAULT 0,    -- epoch seconds, as in tokens
  service_account_client TEXT REFERENCES client (id) ON DELETE CASCADE,
  version BIGINT NOT NULL DEFAULT 0,       -- counts the changes: nobody overwrites what they have not read
  doc TEXT NOT NULL,                       -- required actions, federation link and the like
  UNIQUE (realm, username),
  UNIQUE (realm, email_unique)
);
CREATE INDEX user_account_email ON user_account (realm, email);
CREATE INDEX user_account_service ON user_account (service_account_client);

CREATE TABLE user_attribute (
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  value TEXT NOT NULL,
  value_key TEXT NOT NULL,                 -- folded, its first 200 characters
  PRIMARY KEY (user_account, name, position)
);
CREATE INDEX user_attribute_value ON user_attribute (name, value_key);

CREATE TABLE user_role (
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  role TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (user_account, role)
);
CREATE INDEX user_role_role ON user_role (role);

CREATE TABLE group_member (
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  user_group TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  PRIMARY KEY (user_account, user_group)
);
CREATE INDEX group_member_group ON group_member (user_group, user_account);

CREATE TABLE credential (
  id TEXT PRIMARY KEY,
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  label TEXT,
  created BIGINT,
  priority BIGINT NOT NULL,
  secret_data TEXT NOT NULL,
  credential_data TEXT NOT NULL
);
CREATE INDEX credential_user ON credential (user_account, priority);

CREATE TABLE federated_identity (
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  user_id TEXT NOT NULL,
  username TEXT,
  token TEXT,
  PRIMARY KEY (user_account, provider)
);

CREATE TABLE user_consent (
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,                    -- JSON list of client scope ids
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  PRIMARY KEY (user_account, client)
);
CREATE INDEX user_consent_client ON user_consent (client);

CREATE TABLE user_session (
  id TEXT NOT NULL,
  offline BOOLEAN NOT NULL,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  user_account TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  started BIGINT NOT NULL,
  last_refresh BIGINT NOT NULL,
  expires BIGINT NOT NULL,                 -- when it is certainly over: what a sweep deletes by
  remember_me BOOLEAN NOT NULL,
  doc TEXT NOT NULL,                       -- login name, address, authentication method, notes
  PRIMARY KEY (id, offline)
);
CREATE INDEX user_session_user ON user_session (user_account, offline);
CREATE INDEX user_session_realm ON user_session (realm, offline, last_refresh);
CREATE INDEX user_session_expires ON user_session (expires);

CREATE TABLE client_session (
  session TEXT NOT NULL,
  offline BOOLEAN NOT NULL,
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  started BIGINT NOT NULL,
  last_refresh BIGINT NOT NULL,
  doc TEXT NOT NULL,                       -- scope, redirect URI, notes, the refresh token in force
  PRIMARY KEY (session, offline, client),
  FOREIGN KEY (session, offline) REFERENCES user_session (id, offline) ON DELETE CASCADE
);
CREATE INDEX client_session_client ON client_session (client, offline);

-- a login in progress in one browser, with its tabs
CREATE TABLE auth_session (
  id TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  expires BIGINT NOT NULL,
  doc TEXT NOT NULL
);
CREATE INDEX auth_session_expires ON auth_session (expires);
CREATE INDEX auth_session_realm ON auth_session (realm);

-- codes, used assertions, revoked tokens: bound to a kind, so that none is redeemed as another
CREATE TABLE single_use (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  expires BIGINT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE INDEX single_use_expires ON single_use (expires);
CREATE INDEX single_use_realm ON single_use (realm);

CREATE TABLE login_failure (
  user_account TEXT PRIMARY KEY,
  realm TEXT NOT NULL REFERENCES realm (id) ON DELETE CASCADE,
  failures BIGINT NOT NULL,
  temporary_lockouts BIGINT NOT NULL,
  last_failure BIGINT NOT NULL,
  last_address TEXT NOT NULL,
  locked_until BIGINT NOT NULL,            -- epoch milliseconds; 0 when not locked
  pending BIGINT NOT NULL,                 -- passwords being checked right now
  pending_since BIGINT NOT NULL            -- when the last of them began
);
CREATE INDEX login_failure_realm ON login_failure (realm);
