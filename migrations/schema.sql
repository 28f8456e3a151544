-- The picture of now, generated from the migrations; for readers, never run.

create table accounts (
  id uuid not null
  run_index bytea not null -- keyed HMAC of the RUN
  status text not null
  identified text not null
  person bytea not null -- sealed: RUN, names, birthdate, contact
  revoked_until bigint not null default 0 -- seconds: sessions and tokens from before are over
  created_at bigint not null
  updated_at bigint not null
  second_factor boolean not null default false -- whether a passkey or an application is there: asked for at every login
  recovered_at bigint -- milliseconds: when its ClaveÚnica was last recovered by e-mail; null once it was chosen in another way
  constraint accounts_identified_check CHECK ((identified = ANY (ARRAY['video'::text, 'presencial'::text, 'biometrico'::text])))
  constraint accounts_pkey PRIMARY KEY (id)
  constraint accounts_run_index_key UNIQUE (run_index)
  constraint accounts_status_check CHECK ((status = ANY (ARRAY['not-activated'::text, 'active'::text, 'paused'::text, 'blocked'::text, 'deceased'::text, 'closed'::text])))
);
CREATE INDEX accounts_sealed_by ON public.accounts USING btree ((
CASE
    WHEN (octet_length(person) > 0) THEN SUBSTRING(person FROM 1 FOR (get_byte(person, 0) + 1))
    ELSE NULL::bytea
END));

create table alarms (
  name text not null
  until_at bigint not null
  constraint alarms_pkey PRIMARY KEY (name)
);

create table alerts (
  id bigint not null generated always as identity
  kind text not null
  key text not null -- what it is about: one of a kind and a key in an hour
  hour bigint not null
  at bigint not null
  actor_id uuid -- the member of staff whose doing it is about
  details jsonb not null
  seen_by uuid
  seen_at bigint
  constraint alerts_kind_key_hour_key UNIQUE (kind, key, hour)
  constraint alerts_pkey PRIMARY KEY (id)
  constraint alerts_seen_by_fkey FOREIGN KEY (seen_by) REFERENCES accounts(id)
);
CREATE INDEX alerts_id_idx ON public.alerts USING btree (id) WHERE (seen_at IS NULL);

-- what oidc-provider remembers, when there is no Redis; ids hashed, payloads sealed
create table artifacts (
  key bytea not null
  model text not null
  payload bytea not null -- sealed: lasting ones are tokens of registration
  members jsonb not null default '{}'::jsonb
  grant_key bytea
  uid_key bytea
  user_code_key bytea
  consumed_at bigint
  expires_at bigint not null
  constraint artifacts_pkey PRIMARY KEY (key)
);
CREATE INDEX artifacts_expires_at_idx ON public.artifacts USING btree (expires_at);
CREATE INDEX artifacts_grant_key_idx ON public.artifacts USING btree (grant_key) WHERE (grant_key IS NOT NULL);
CREATE INDEX artifacts_uid_key_idx ON public.artifacts USING btree (uid_key) WHERE (uid_key IS NOT NULL);
CREATE INDEX artifacts_user_code_key_idx ON public.artifacts USING btree (user_code_key) WHERE (user_code_key IS NOT NULL);

create table attempts (
  key bytea not null -- keyed HMAC of context, RUN and device or network
  failures integer not null
  first_at bigint not null
  last_at bigint not null
  until_at bigint not null
  over_at bigint not null default '9223372036854775807'::bigint -- from then on it counts for nothing
  constraint attempts_pkey PRIMARY KEY (key)
);
CREATE INDEX attempts_over_at_idx ON public.attempts USING btree (over_at);

-- what happened; a table a month, made ahead, only added to
create table audit (
  id bigint not null generated always as identity
  at bigint not null
  kind text not null
  account_id uuid
  client_id text
  request_id text
  network text
  details jsonb not null
  actor_id uuid -- the member of staff who did it; account_id is whom it was done to
  constraint audit_pkey PRIMARY KEY (id, at)
) partition by RANGE (at);
CREATE INDEX audit_account_id_at_id_idx ON ONLY public.audit USING btree (account_id, at, id);
CREATE INDEX audit_actor_id_at_id_idx ON ONLY public.audit USING btree (actor_id, at, id) WHERE (actor_id IS NOT NULL);
CREATE INDEX audit_at_id_idx ON ONLY public.audit USING btree (at, id);
CREATE INDEX audit_kind_at_id_idx ON ONLY public.audit USING btree (kind, at, id);
CREATE INDEX audit_left_idx ON ONLY public.audit USING btree ("left"(request_id, 7)) WHERE (request_id IS NOT NULL);

-- audit rows after from_id, up to to_id, in the order of their ids; a hash chain
create table audit_blocks (
  id integer not null
  from_id bigint not null
  to_id bigint not null
  last_at bigint not null
  rows bytea not null -- SHA-256 of each row, one after another
  previous bytea not null
  hash bytea not null
  signature bytea not null -- Ed25519 of the hash; anchors outside of the database repeat both
  sealed_at bigint not null
  constraint audit_blocks_pkey PRIMARY KEY (id)
);

-- blocks whose rows were deleted at the end of their retention; their seals stay
create table audit_expired (
  block integer not null
  at bigint not null
  constraint audit_expired_block_fkey FOREIGN KEY (block) REFERENCES audit_blocks(id)
  constraint audit_expired_pkey PRIMARY KEY (block)
);

-- held: somebody is choosing, for ten minutes; both held and booked take a place
create table bookings (
  id uuid not null
  case_id uuid not null
  slot_id text not null
  state text not null
  at bigint not null
  hold_until bigint not null
  reminded text[] not null default '{}'::text[]
  constraint bookings_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint bookings_pkey PRIMARY KEY (id)
  constraint bookings_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES slots(id)
  constraint bookings_state_check CHECK ((state = ANY (ARRAY['held'::text, 'booked'::text, 'cancelled'::text, 'moved'::text, 'lapsed'::text, 'no-show'::text, 'attended'::text])))
);
CREATE UNIQUE INDEX bookings_case_id_idx ON public.bookings USING btree (case_id) WHERE (state = 'held'::text);
CREATE UNIQUE INDEX bookings_case_id_idx1 ON public.bookings USING btree (case_id) WHERE (state = 'booked'::text);
CREATE INDEX bookings_hold_until_idx ON public.bookings USING btree (hold_until) WHERE (state = 'held'::text);
CREATE INDEX bookings_of_case ON public.bookings USING btree (case_id);
CREATE INDEX bookings_slot_id_idx ON public.bookings USING btree (slot_id) WHERE (state = ANY (ARRAY['held'::text, 'booked'::text]));

-- what supervisors did with a case of an account, in order
create table case_steps (
  id uuid not null
  case_id uuid not null
  step bigint not null generated always as identity
  what text not null
  at bigint not null
  staff_id uuid not null
  words bytea not null -- sealed
  constraint case_steps_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
  constraint case_steps_pkey PRIMARY KEY (id)
  constraint case_steps_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES accounts(id)
  constraint case_steps_what_check CHECK ((what = ANY (ARRAY['taken'::text, 'noted'::text, 'closed'::text])))
);
CREATE INDEX case_steps_case_id_step_idx ON public.case_steps USING btree (case_id, step);

-- what a supervisor must look at
create table cases (
  id uuid not null
  kind text not null
  account_id uuid
  opened_at bigint not null
  closed_at bigint
  details bytea not null -- sealed
  opened_by uuid -- the member of staff who did; null: the owner of the account
  taken_by uuid -- which supervisor has it in hand, or had it when it was closed
  taken_at bigint
  outcome text
  constraint cases_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint cases_closed_check CHECK (((closed_at IS NULL) = (outcome IS NULL)))
  constraint cases_kind_check CHECK ((kind = ANY (ARRAY['not-me'::text, 'staff'::text])))
  constraint cases_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES accounts(id)
  constraint cases_outcome_check CHECK ((outcome = ANY (ARRAY['owner'::text, 'secured'::text, 'fraud'::text, 'unreachable'::text, 'mistake'::text])))
  constraint cases_pkey PRIMARY KEY (id)
  constraint cases_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES accounts(id)
);
CREATE INDEX cases_account_id_idx ON public.cases USING btree (account_id);
CREATE INDEX cases_closed_at_id_idx ON public.cases USING btree (closed_at, id) WHERE (closed_at IS NOT NULL);
CREATE INDEX cases_ended ON public.cases USING btree (outcome, closed_at, id) WHERE (closed_at IS NOT NULL);
CREATE INDEX cases_free ON public.cases USING btree (opened_at, id) WHERE ((closed_at IS NULL) AND (taken_by IS NULL));
CREATE INDEX cases_in_hand ON public.cases USING btree (taken_by, opened_at, id) WHERE (closed_at IS NULL);
CREATE INDEX cases_opened_at_id_idx ON public.cases USING btree (opened_at, id) WHERE (closed_at IS NULL);

-- a challenge of WebAuthn is used once; kept until it is worth nothing by itself
create table challenges_spent (
  challenge bytea not null
  until bigint not null
  constraint challenges_spent_pkey PRIMARY KEY (challenge)
);
CREATE INDEX challenges_spent_until_idx ON public.challenges_spent USING btree (until);

create table clients (
  id text not null
  name text not null
  institution text not null
  profile text not null
  state text not null
  sector text not null
  auth text not null
  secrets jsonb not null -- HMACs under a key outside the database
  scopes text[] not null
  redirect_uris text[] not null
  post_logout_redirect_uris text[] not null
  details jsonb not null
  created_at bigint not null
  updated_at bigint not null
  registered bytea -- sealed: all metadata, secret included, of a client that registered itself
  sought text default folded(((((name || chr(10)) || institution) || chr(10)) || id)) -- name, institution and id, as one looks for them
  constraint clients_pkey PRIMARY KEY (id)
  constraint clients_profile_check CHECK ((profile = ANY (ARRAY['oidc'::text, 'claveunica'::text])))
  constraint clients_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'sandbox'::text, 'in-review'::text, 'certified'::text, 'suspended'::text])))
);
CREATE INDEX clients_folded_id_idx ON public.clients USING btree (folded(name), id) WHERE (registered IS NULL);
CREATE INDEX clients_folded_id_idx1 ON public.clients USING btree (folded(institution), id) WHERE (registered IS NULL);
CREATE INDEX clients_institution_folded_id_idx ON public.clients USING btree (institution, folded(name), id) WHERE (registered IS NULL);

-- counted up in place of a code that is not there, which takes as long
create table code_decoys (
  n smallint not null
  tries integer not null default 0
  filling bytea not null
  constraint code_decoys_pkey PRIMARY KEY (n)
);

create table codes (
  id bigint not null generated always as identity
  purpose text not null
  binding bytea not null -- keyed HMAC of the browser and the page that asked, or of the RUN
  account_id uuid -- null for who must not notice that there is no code
  hash bytea not null -- HMAC under a key outside the database
  tries integer not null default 0
  created_at bigint not null
  expires_at bigint not null
  used_at bigint
  claimed_at bigint
  claimed_by bytea -- keyed HMAC of the browser that began with it
  details bytea -- sealed: what a new identification left, until the code is used
  constraint codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint codes_pkey PRIMARY KEY (id)
);
CREATE INDEX codes_account_id_created_at_idx ON public.codes USING btree (account_id, created_at) WHERE (account_id IS NOT NULL);
CREATE INDEX codes_binding_idx ON public.codes USING btree (binding);
CREATE INDEX codes_expires_at_idx ON public.codes USING btree (expires_at);

-- for the ten days in which a change can be taken back
create table contact_changes (
  id uuid not null
  account_id uuid not null
  at bigint not null
  what text not null
  before bytea not null -- sealed: all contact data as they were
  undone_at bigint
  constraint contact_changes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint contact_changes_pkey PRIMARY KEY (id)
  constraint contact_changes_what_check CHECK ((what = ANY (ARRAY['email'::text, 'other-email'::text, 'phone'::text])))
);
CREATE INDEX contact_changes_account_id_at_idx ON public.contact_changes USING btree (account_id, at);
CREATE INDEX contact_changes_at_idx ON public.contact_changes USING btree (at);

-- which officers noted that somebody with a case has come to their office
create table desk_arrivals (
  case_id uuid not null
  officer_id uuid not null
  at bigint not null
  constraint desk_arrivals_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint desk_arrivals_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES accounts(id)
  constraint desk_arrivals_pkey PRIMARY KEY (case_id, officer_id)
);

-- requests that an officer noted for somebody who stood before her
create table desk_requests (
  case_id uuid not null
  officer_id uuid not null
  at bigint not null
  constraint desk_requests_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint desk_requests_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES accounts(id)
  constraint desk_requests_pkey PRIMARY KEY (case_id)
);

-- browsers from which a person has signed in before; both sides hashed
create table devices (
  device bytea not null
  person bytea not null
  first_at bigint not null
  last_at bigint not null
  name text not null default ''::text
  constraint devices_pkey PRIMARY KEY (device, person)
);
CREATE INDEX devices_of_person ON public.devices USING btree (person);

create table enrolment_moves (
  id bigint not null generated always as identity
  case_id uuid not null
  move text not null
  from_stage text not null
  to_stage text not null
  by_kind text not null
  by_id uuid
  at bigint not null
  constraint enrolment_moves_by_kind_check CHECK ((by_kind = ANY (ARRAY['citizen'::text, 'officer'::text, 'system'::text])))
  constraint enrolment_moves_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint enrolment_moves_pkey PRIMARY KEY (id)
);
CREATE INDEX enrolment_moves_case_id_id_idx ON public.enrolment_moves USING btree (case_id, id);

-- one person's way from a request to a ClaveÚnica
create table enrolments (
  id uuid not null
  run_index bytea not null -- keyed HMAC of the RUN
  email_index bytea -- keyed HMAC of the address
  domain_index bytea -- keyed HMAC of its provider, for signals of fraud
  stage text not null
  version integer not null default 1
  channel text
  office text
  level text
  data bytea not null -- sealed: RUN, document number, contact
  token bytea not null -- keyed HMAC of the token in her letters
  network text not null
  officer_id uuid -- for whom it was drawn
  last_by uuid
  sessions integer not null default 0
  contact_confirmed_at bigint
  identified_at bigint
  account_id uuid
  created_at bigint not null
  updated_at bigint not null
  expires_at bigint not null
  constraint enrolments_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE SET NULL
  constraint enrolments_channel_check CHECK ((channel = ANY (ARRAY['video'::text, 'office'::text])))
  constraint enrolments_last_by_fkey FOREIGN KEY (last_by) REFERENCES accounts(id)
  constraint enrolments_level_check CHECK ((level = ANY (ARRAY['video'::text, 'presencial'::text, 'biometrico'::text])))
  constraint enrolments_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES accounts(id)
  constraint enrolments_pkey PRIMARY KEY (id)
  constraint enrolments_token_key UNIQUE (token)
);
CREATE INDEX enrolments_created_at_id_idx ON public.enrolments USING btree (created_at, id);
CREATE INDEX enrolments_domain_index_created_at_idx ON public.enrolments USING btree (domain_index, created_at) WHERE (domain_index IS NOT NULL);
CREATE INDEX enrolments_email_index_created_at_idx ON public.enrolments USING btree (email_index, created_at) WHERE (email_index IS NOT NULL);
CREATE INDEX enrolments_expires_at_idx ON public.enrolments USING btree (expires_at);
CREATE INDEX enrolments_network_created_at_idx ON public.enrolments USING btree (network, created_at);
CREATE INDEX enrolments_officer_id_idx ON public.enrolments USING btree (officer_id) WHERE (officer_id IS NOT NULL);
CREATE INDEX enrolments_run_index_idx ON public.enrolments USING btree (run_index);
CREATE INDEX enrolments_stage_created_at_id_idx ON public.enrolments USING btree (stage, created_at, id);
CREATE INDEX enrolments_stage_updated_at_id_idx ON public.enrolments USING btree (stage, updated_at, id);
CREATE INDEX enrolments_updated_at_id_idx ON public.enrolments USING btree (updated_at, id);
CREATE UNIQUE INDEX one_open_case ON public.enrolments USING btree (run_index, email_index) WHERE ((contact_confirmed_at IS NOT NULL) AND (stage = ANY (ARRAY['contact-confirmed'::text, 'booked'::text, 'in-session'::text, 'held'::text, 'identified'::text, 'code-issued'::text])));

-- one session of one case: kept when the request is gone, so it points at no row of it (R-79)
create table evidence (
  id uuid not null
  case_id uuid not null
  session integer not null
  channel text not null
  office text
  officer_id uuid not null
  drawn text[] not null -- what the server asked for, drawn when the session began (R-51)
  work bytea not null -- sealed: checklist, the registry's answer, exceptions, reason
  version integer not null default 1
  result text
  started_at bigint not null
  ended_at bigint
  account_id uuid -- of what was approved: evidence lives as long, and five years more
  constraint evidence_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE SET NULL
  constraint evidence_case_id_session_key UNIQUE (case_id, session)
  constraint evidence_channel_check CHECK ((channel = ANY (ARRAY['video'::text, 'office'::text])))
  constraint evidence_check CHECK (((result IS NULL) = (ended_at IS NULL)))
  constraint evidence_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES accounts(id)
  constraint evidence_pkey PRIMARY KEY (id)
  constraint evidence_result_check CHECK ((result = ANY (ARRAY['approved'::text, 'rejected'::text, 'held'::text, 'broken-off'::text])))
  constraint evidence_session_check CHECK ((session > 0))
);
CREATE INDEX evidence_account_id_idx ON public.evidence USING btree (account_id);
CREATE UNIQUE INDEX evidence_case_id_idx ON public.evidence USING btree (case_id) WHERE (result IS NULL);
CREATE INDEX evidence_ended_at_idx ON public.evidence USING btree (ended_at);
CREATE INDEX evidence_officer_id_ended_at_idx ON public.evidence USING btree (officer_id, ended_at);
CREATE UNIQUE INDEX evidence_officer_id_idx ON public.evidence USING btree (officer_id) WHERE (result IS NULL);

-- its owner said that it was not her: factors added meanwhile prove nothing, and are still asked for
create table factors_held (
  account_id uuid not null
  since bigint not null
  until bigint not null
  constraint factors_held_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint factors_held_pkey PRIMARY KEY (account_id, since, until)
);

-- a code on its way into a citizen's hand: read once, gone with it (R-53)
create table handovers (
  id text not null
  case_id uuid not null
  kind text not null
  code bytea not null -- sealed
  until bigint not null
  constraint handovers_kind_check CHECK ((kind = ANY (ARRAY['room'::text, 'slip'::text, 'second'::text])))
  constraint handovers_pkey PRIMARY KEY (id)
);
CREATE INDEX handovers_case_id_idx ON public.handovers USING btree (case_id);

-- why a case is stopped: an officer's silent flag, or what the machine counted (R-58)
create table holds (
  id uuid not null
  case_id uuid not null
  officer_id uuid
  kind text not null
  details bytea not null -- sealed: words of a person about a person
  at bigint not null
  ended_by uuid
  ended_at bigint
  outcome text
  constraint holds_check CHECK (((ended_by IS NULL) = (outcome IS NULL)))
  constraint holds_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES accounts(id)
  constraint holds_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES accounts(id)
  constraint holds_outcome_check CHECK ((outcome = ANY (ARRAY['released'::text, 'rejected'::text])))
  constraint holds_pkey PRIMARY KEY (id)
  constraint second_person CHECK (((ended_by IS NULL) OR (officer_id IS NULL) OR (ended_by <> officer_id)))
);
CREATE INDEX holds_at_idx ON public.holds USING btree (at) WHERE (outcome IS NULL);
CREATE INDEX holds_case_id_idx ON public.holds USING btree (case_id);

create table journeys (
  id bytea not null -- hash of kind and id; the id is in the browser's cookie alone
  kind text not null
  account_id uuid -- null until it is proved whose it is
  version integer not null
  state bytea not null -- sealed: the stage, with what it knows
  expires_at bigint not null
  constraint journeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint journeys_pkey PRIMARY KEY (id)
);
CREATE INDEX journeys_account_id_idx ON public.journeys USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX journeys_expires_at_idx ON public.journeys USING btree (expires_at);

-- from where a client gets its tokens, and when the JWKS was last read from there
create table key_readers (
  client_id text not null
  source bytea not null -- keyed HMAC of network and software
  used_at bigint not null
  read_at bigint
  constraint key_readers_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE
  constraint key_readers_pkey PRIMARY KEY (client_id, source)
);
CREATE INDEX key_readers_source_idx ON public.key_readers USING btree (source);

create unlogged table limits (
  key text not null
  points integer not null
  until_at bigint not null
  constraint limits_pkey PRIMARY KEY (key)
);

-- what owners were told of by letter
create table notices (
  token bytea not null -- keyed HMAC of the token in the letter
  account_id uuid not null
  event text not null
  at bigint not null
  details bytea not null -- sealed: who asked, what undoing needs
  denied_at bigint -- the owner said that it was not her
  constraint notices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint notices_pkey PRIMARY KEY (token)
);
CREATE INDEX notices_at_idx ON public.notices USING btree (at);

create table offices (
  id text not null
  agency text not null
  name text not null
  address text not null
  comuna text not null
  region text not null
  hours jsonb not null -- by day of the week, 1 is Monday: pairs of minutes in local time
  closed text[] not null default '{}'::text[] -- ISO days on which it does not open, beside holidays
  constraint offices_agency_check CHECK ((agency = ANY (ARRAY['registro-civil'::text, 'ips'::text])))
  constraint offices_pkey PRIMARY KEY (id)
);

create table passkeys (
  credential bytea not null -- SHA-256 of the credential id
  account_id uuid not null
  about bytea not null -- sealed: the credential id, and the name that its owner gave it
  handle bytea not null -- random, the same for all of one account; tells nothing
  public_key bytea not null
  counter bigint not null
  transports text[] not null
  synced boolean not null -- backup eligible: it may live on several devices
  backed_up boolean not null
  aaguid text not null
  created_at bigint not null
  used_at bigint
  constraint passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint passkeys_pkey PRIMARY KEY (credential)
);
CREATE INDEX passkeys_account_id_idx ON public.passkeys USING btree (account_id);

create table passwords (
  account_id uuid not null
  hash text not null -- PHC string; its key is not in this database
  pepper text
  changed_at bigint not null
  compromised_at bigint -- since when there is evidence that somebody else knows it
  constraint passwords_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint passwords_pkey PRIMARY KEY (account_id)
);

-- whose passwords were tried from one address; both sides keyed HMACs
create table people_tried (
  source bytea not null
  person bytea not null
  at bigint not null
  constraint people_tried_pkey PRIMARY KEY (source, person)
);
CREATE INDEX people_tried_at_idx ON public.people_tried USING btree (at);

-- what one member of staff proposes and another decides
create table proposals (
  id uuid not null
  kind text not null
  subject text not null
  plan bytea not null -- sealed: what will be done
  reason bytea not null -- sealed: words of a person about a person
  proposed_by uuid not null
  proposed_at bigint not null
  expires_at bigint not null
  decision text
  decided_by uuid
  decided_at bigint
  constraint proposals_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES accounts(id)
  constraint proposals_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'rejected'::text, 'withdrawn'::text])))
  constraint proposals_pkey PRIMARY KEY (id)
  constraint proposals_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES accounts(id)
  constraint second_person CHECK (((decision IS NULL) OR (decision = 'withdrawn'::text) OR (decided_by <> proposed_by)))
);
CREATE UNIQUE INDEX proposals_kind_subject_idx ON public.proposals USING btree (kind, subject) WHERE (decision IS NULL);

-- sealed: how two browsers find each other, and what is written; gone when the room closes
create table room_words (
  case_id uuid not null
  n integer not null
  side text not null
  kind text not null
  words bytea not null
  at bigint not null
  from_link text
  to_link text -- the window that a signal is for; none: what is written is for both sides
  constraint room_words_case_id_fkey FOREIGN KEY (case_id) REFERENCES rooms(case_id) ON DELETE CASCADE
  constraint room_words_kind_check CHECK ((kind = ANY (ARRAY['signal'::text, 'chat'::text])))
  constraint room_words_pkey PRIMARY KEY (case_id, n)
  constraint room_words_side_check CHECK ((side = ANY (ARRAY['citizen'::text, 'officer'::text])))
);

-- one appointment by video (R-56); nothing that is seen or heard in it is kept
create table rooms (
  case_id uuid not null
  token_index bytea not null -- keyed HMAC of the token
  token bytea not null -- sealed: her pages show the link again
  opens_at bigint not null
  closes_at bigint not null
  said integer not null default 0
  citizen_link text -- the one window that is in; a third one stays outside
  citizen_device text
  citizen_seen_at bigint
  officer_link text
  officer_device text
  officer_seen_at bigint
  citizen_kept integer not null default 0 -- the last of what its window has said, by that window's own count
  officer_kept integer not null default 0
  constraint rooms_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint rooms_check CHECK ((opens_at < closes_at))
  constraint rooms_pkey PRIMARY KEY (case_id)
  constraint rooms_token_index_key UNIQUE (token_index)
);
CREATE INDEX rooms_closes_at_idx ON public.rooms USING btree (closes_at);

-- when somebody works, in local time; what lies between two rows of a day is a break
create table rosters (
  officer_id uuid not null
  day text not null
  from_minute integer not null
  to_minute integer not null
  channel text not null
  office text
  constraint rosters_channel_check CHECK ((channel = ANY (ARRAY['video'::text, 'office'::text])))
  constraint rosters_check CHECK ((from_minute < to_minute))
  constraint rosters_check1 CHECK (((channel = 'office'::text) = (office IS NOT NULL)))
  constraint rosters_day_check CHECK ((day ~ '^\d{4}-\d{2}-\d{2}$'::text))
  constraint rosters_from_minute_check CHECK ((from_minute >= 0))
  constraint rosters_office_fkey FOREIGN KEY (office) REFERENCES offices(id)
  constraint rosters_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES accounts(id)
  constraint rosters_pkey PRIMARY KEY (officer_id, day, from_minute)
  constraint rosters_to_minute_check CHECK ((to_minute <= 1440))
);
CREATE INDEX rosters_day_channel_office_idx ON public.rosters USING btree (day, channel, office);

-- the approvals that a supervisor looks at again; officers never learn which (R-54)
create table samples (
  evidence_id uuid not null
  drawn_at bigint not null
  reviewed_by uuid
  reviewed_at bigint
  verdict text
  words bytea -- sealed: what the supervisor wrote
  constraint samples_check CHECK (((reviewed_by IS NULL) = (verdict IS NULL)))
  constraint samples_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES evidence(id)
  constraint samples_pkey PRIMARY KEY (evidence_id)
  constraint samples_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES accounts(id)
  constraint samples_verdict_check CHECK ((verdict = ANY (ARRAY['good'::text, 'doubtful'::text])))
);
CREATE INDEX samples_drawn_at_idx ON public.samples USING btree (drawn_at) WHERE (verdict IS NULL);

-- those not used yet
create table saved_codes (
  account_id uuid not null
  hash bytea not null -- HMAC under a key outside the database
  created_at bigint not null
  constraint saved_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint saved_codes_pkey PRIMARY KEY (account_id, hash)
);

create table sessions (
  uid bytea not null -- hash of the session's uid
  account_id uuid not null
  begun_at bigint not null
  shared boolean not null
  network text not null
  ended_at bigint
  name bytea not null default '\x'::bytea -- sealed: the session's uid; empty: begun before this was known
  device text not null default ''::text
  agent text not null default ''::text -- hash of what the browser says of itself
  disconnected text[] not null default '{}'::text[] -- clients that ask for a new sign-in
  constraint sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint sessions_pkey PRIMARY KEY (uid)
);
CREATE INDEX sessions_account_id_idx ON public.sessions USING btree (account_id);
CREATE INDEX sessions_begun_at_idx ON public.sessions USING btree (begun_at);

create table settings (
  name text not null
  value bytea not null -- sealed
  constraint settings_pkey PRIMARY KEY (name)
);

create table signing_keys (
  kid text not null
  alg text not null
  state text not null
  jwk bytea -- sealed: what signs, or what verifies; nothing once retired
  created_at bigint not null
  since bigint not null -- when it came into its state
  until bigint -- when it leaves its state; one that signs goes when its successor comes
  constraint signing_keys_pkey PRIMARY KEY (kid)
  constraint signing_keys_state_check CHECK ((state = ANY (ARRAY['next'::text, 'current'::text, 'retiring'::text, 'retired'::text])))
);
CREATE UNIQUE INDEX signing_keys_alg_state_idx ON public.signing_keys USING btree (alg, state) WHERE (state = ANY (ARRAY['current'::text, 'next'::text]));

-- the integration doctor: advice, never evidence; nothing of citizens
create unlogged table site_steps (
  id bigint not null generated always as identity
  client_id text not null
  at bigint not null
  links text[] not null -- keyed HMACs of interactions, codes and tokens: what steps of one attempt have in common
  step jsonb not null
  constraint site_steps_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE
  constraint site_steps_pkey PRIMARY KEY (id)
);
CREATE INDEX site_steps_at_idx ON public.site_steps USING btree (at);
CREATE INDEX site_steps_client_id_id_idx ON public.site_steps USING btree (client_id, id);

-- places to be booked, made from rosters; capacity is never below what is taken already
create table slots (
  id text not null
  channel text not null
  office text not null default ''::text -- empty: by video, whichever office the officer sits in
  starts_at bigint not null
  ends_at bigint not null
  rostered integer not null
  capacity integer not null
  taken integer not null default 0
  constraint never_over_capacity CHECK ((taken <= capacity))
  constraint slots_capacity_check CHECK ((capacity >= 0))
  constraint slots_channel_check CHECK ((channel = ANY (ARRAY['video'::text, 'office'::text])))
  constraint slots_pkey PRIMARY KEY (id)
  constraint slots_rostered_check CHECK ((rostered >= 0))
  constraint slots_taken_check CHECK ((taken >= 0))
);
CREATE UNIQUE INDEX slots_channel_office_starts_at_idx ON public.slots USING btree (channel, office, starts_at);
CREATE INDEX slots_starts_at_idx ON public.slots USING btree (starts_at);

create table staff (
  account_id uuid not null
  roles text[] not null
  agency text
  office text
  institution text
  state text not null
  trained_at bigint
  seen_at bigint
  created_at bigint not null
  updated_at bigint not null
  place text default folded(COALESCE(office, institution, ''::text)) -- where she works, as one looks for it
  constraint staff_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
  constraint staff_agency_check CHECK ((agency = ANY (ARRAY['registro-civil'::text, 'ips'::text])))
  constraint staff_pkey PRIMARY KEY (account_id)
  constraint staff_roles_check CHECK ((roles <@ ARRAY['officer'::text, 'supervisor'::text, 'institution'::text, 'operator'::text, 'auditor'::text]))
  constraint staff_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])))
);
CREATE INDEX staff_coalesce_account_id_idx ON public.staff USING btree (COALESCE(seen_at, (0)::bigint), account_id);
CREATE INDEX staff_created_at_account_id_idx ON public.staff USING btree (created_at, account_id);

-- what is stopped everywhere within five seconds
create table switches (
  name text not null
  flipped boolean not null
  at bigint not null
  constraint switches_pkey PRIMARY KEY (name)
);

create table totp (
  account_id uuid not null
  secret bytea not null -- sealed
  last_step bigint not null -- a code of this step of 30 seconds or an earlier one is worth nothing any more
  created_at bigint not null
  used_at bigint
  constraint totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint totp_pkey PRIMARY KEY (account_id)
);

-- of all people, from contexts that nobody knew
create table tries_by_minute (
  minute bigint not null
  part smallint not null -- any of sixteen: so many can be counted at the same moment
  tried integer not null
  succeeded integer not null
  constraint tries_by_minute_pkey PRIMARY KEY (minute, part)
);

-- who wants to be told when a place frees
create table waiting_list (
  case_id uuid not null
  channel text not null
  office text not null default ''::text
  joined_at bigint not null
  told_at bigint
  constraint waiting_list_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint waiting_list_channel_check CHECK ((channel = ANY (ARRAY['video'::text, 'office'::text])))
  constraint waiting_list_pkey PRIMARY KEY (case_id)
);
CREATE INDEX waiting_list_channel_office_joined_at_idx ON public.waiting_list USING btree (channel, office, joined_at);

-- the line for the next officer who is free; whoever is not seen for a while has left
create table walk_ins (
  case_id uuid not null
  channel text not null
  office text not null default ''::text
  joined_at bigint not null
  seen_at bigint not null
  called_at bigint
  constraint walk_ins_case_id_fkey FOREIGN KEY (case_id) REFERENCES enrolments(id) ON DELETE CASCADE
  constraint walk_ins_channel_check CHECK ((channel = ANY (ARRAY['video'::text, 'office'::text])))
  constraint walk_ins_pkey PRIMARY KEY (case_id)
);
CREATE INDEX walk_ins_channel_office_joined_at_idx ON public.walk_ins USING btree (channel, office, joined_at) WHERE (called_at IS NULL);

CREATE OR REPLACE FUNCTION public.add_events(events jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    begin
      insert into audit (at, kind, account_id, actor_id, client_id, request_id, network, details)
      select at, kind, "accountId", "actorId", "clientId", "requestId", network, coalesce(details, '{}')
      from jsonb_to_recordset(events) as e(
        at bigint, kind text, "accountId" uuid, "actorId" uuid, "clientId" text, "requestId" text, network text, details jsonb
      );
    end
    $function$;

CREATE OR REPLACE FUNCTION public.attempt_login(at_device bytea, people bytea[], run_keys bytea[], if_known jsonb, if_unknown jsonb, now_ms bigint)
 RETURNS TABLE(known boolean, until_at bigint, id uuid, status text, identified text, person bytea, revoked_until bigint, updated_at bigint, recovered_at bigint, second_factor boolean, hash text, pepper text, changed_at bigint, compromised_at bigint)
 LANGUAGE plpgsql
AS $function$
    begin
      known := exists (select from devices d where d.device = at_device and d.person = any(people));
      -- Counted before the password is looked at; who has to wait is not even looked up.
      until_at := spend_attempts(case when known then if_known else if_unknown end, now_ms);
      if until_at <= 0 then
        select a.id, a.status, a.identified, a.person, a.revoked_until, a.updated_at, a.recovered_at, a.second_factor, p.hash, p.pepper, p.changed_at, p.compromised_at
        into id, status, identified, person, revoked_until, updated_at, recovered_at, second_factor, hash, pepper, changed_at, compromised_at
        from accounts a left join passwords p on p.account_id = a.id where a.run_index = any(run_keys) limit 1;
      end if;
      return next;
    end $function$;

CREATE OR REPLACE FUNCTION public.begin_session(key bytea, sealed bytea, owner uuid, at_ms bigint, from_network text, from_device text, from_agent text, at_shared boolean, most integer, since_ms bigint)
 RETURNS SETOF sessions
 LANGUAGE plpgsql
AS $function$
    begin
      -- One at a time for a person: those who sign in at once would all count too few.
      perform pg_advisory_xact_lock(hashtextextended(owner::text, 33));
      insert into sessions (uid, name, account_id, begun_at, shared, network, device, agent)
      values (key, sealed, owner, at_ms, at_shared, from_network, from_device, from_agent)
      on conflict (uid) do update set begun_at = excluded.begun_at, shared = excluded.shared, network = excluded.network,
        device = excluded.device, agent = excluded.agent, disconnected = '{}'
      where sessions.account_id = excluded.account_id and sessions.ended_at is null;
      return query update sessions set ended_at = at_ms where uid in (
        select s.uid from sessions s join accounts a on a.id = s.account_id
        where s.account_id = owner and s.ended_at is null and s.begun_at > since_ms and s.begun_at >= (a.revoked_until - 1) * 1000
        order by s.begun_at desc, s.uid = key desc offset most
      ) returning *;
    end $function$;

CREATE OR REPLACE FUNCTION public.count_everyone(now_ms bigint, tried_more integer, succeeded_more integer)
 RETURNS void
 LANGUAGE sql
AS $function$
      insert into tries_by_minute as t values (now_ms / 60000, floor(random() * 16), tried_more, succeeded_more)
      on conflict (minute, part) do update set tried = t.tried + tried_more, succeeded = t.succeeded + succeeded_more
    $function$;

CREATE OR REPLACE FUNCTION public.drop_audit_months(before_ms bigint)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
      select drop_audit_months_at(least(before_ms, (extract(epoch from clock_timestamp()) * 1000)::bigint - (7 * 365 * 86400000::bigint)))
    $function$;

CREATE OR REPLACE FUNCTION public.drop_audit_months_at(before_ms bigint)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      month record;
      used boolean;
      gone integer := 0;
    begin
      for month in
        select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'audit'::regclass and c.relname <> 'audit_other'
        and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(\d+)''\)')::bigint <= before_ms
      loop
        execute format('select exists (select from %I)', month.name) into used;
        continue when used;
        perform set_config('lock_timeout', '1500', true);
        execute format('drop table %I', month.name);
        gone := gone + 1;
      end loop;
      return gone;
    end $function$;

CREATE OR REPLACE FUNCTION public.expire_audit(block_id integer, now_ms bigint, kept_ms bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
      select expire_audit_at(block_id, least(now_ms, (extract(epoch from clock_timestamp()) * 1000)::bigint), greatest(kept_ms, (7 * 365 * 86400000::bigint)))
    $function$;

CREATE OR REPLACE FUNCTION public.expire_audit_at(block_id integer, now_ms bigint, kept_ms bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      block audit_blocks%rowtype;
      gone bigint;
    begin
      select * into block from audit_blocks where id = block_id and last_at <= now_ms - kept_ms;
      if not found then
        return 0;
      end if;
      insert into audit_expired values (block_id, now_ms);
      perform set_config('claveunica.expiring', 'on', true);
      delete from audit where id > block.from_id and id <= block.to_id and at <= block.last_at;
      get diagnostics gone = row_count;
      perform set_config('claveunica.expiring', 'off', true);
      return gone;
    end $function$;

CREATE OR REPLACE FUNCTION public.folded(said text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
      select lower(translate(said, 'ÁÀÄÂÉÈËÊÍÌÏÎÓÒÖÔÚÙÜÛÑáàäâéèëêíìïîóòöôúùüûñ', 'aaaaeeeeiiiioooouuuunaaaaeeeeiiiioooouuuun') collate "C") collate "C"
    $function$;

CREATE OR REPLACE FUNCTION public.forgive_attempts(tries jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    declare
      try record;
    begin
      for try in
        select decode(t ->> 'key', 'hex') as key, decode(t ->> 'member', 'hex') as person, t ->> 'forgives' as forgives, (t ->> 'free')::integer as free
        from jsonb_array_elements(tries) t order by 1
      loop
        if try.person is not null then
          delete from people_tried where source = try.key and person = try.person;
        elsif try.forgives = 'all' then
          delete from attempts where key = try.key;
        else
          update attempts set failures = greatest(failures - 1, 0), until_at = case when failures - 1 < try.free then 0 else until_at end
          where key = try.key;
        end if;
      end loop;
    end $function$;

CREATE OR REPLACE FUNCTION public.keep_statistics()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    declare
      many constant integer := 5000;
    begin
      perform from pg_class where oid = 'graphile_worker._private_jobs'::regclass and relpages > 0 and reltuples < many / 2;
      if not found or (select count(*) from (select from graphile_worker._private_jobs limit many) waiting) < many then
        return false;
      end if;
      analyze graphile_worker._private_jobs;
      return true;
    end $function$;

CREATE OR REPLACE FUNCTION public.month_of(at_ms bigint, months integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
      select (extract(epoch from (date_trunc('month', to_timestamp(at_ms / 1000.0) at time zone 'UTC') + make_interval(months => months)) at time zone 'UTC') * 1000)::bigint
    $function$;

CREATE OR REPLACE FUNCTION public.prepare_audit()
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
      select prepare_audit_at((extract(epoch from clock_timestamp()) * 1000)::bigint)
    $function$;

CREATE OR REPLACE FUNCTION public.prepare_audit_at(now_ms bigint)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      made integer := 0;
      wanted text;
      begun bigint;
      ended bigint;
    begin
      for ahead in 0..2 loop
        begun := month_of(now_ms, ahead);
        ended := month_of(now_ms, ahead + 1);
        wanted := 'audit_' || to_char(to_timestamp(begun / 1000.0) at time zone 'UTC', 'YYYY_MM');
        continue when to_regclass(wanted) is not null or exists (
          select from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'audit'::regclass and c.relname = 'audit_first'
          and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(\d+)''\)')::bigint >= ended
        );
        if made = 0 then
          perform pg_advisory_xact_lock(733520012);
          perform set_config('lock_timeout', '1500', true);
        end if;
        if begun < now_ms + 86400000 then
          lock table only audit in share row exclusive mode;
        end if;
        continue when exists (
          select from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit'::regclass and c.relname = wanted
        );
        execute format('create table %I (like audit including defaults)', wanted);
        -- A clock that jumped has left rows in no month's table.
        execute format('with moved as (select * from audit_other where at >= %s and at < %s) insert into %I select * from moved', begun, ended, wanted);
        perform set_config('claveunica.expiring', 'on', true);
        delete from audit_other where at >= begun and at < ended;
        perform set_config('claveunica.expiring', 'off', true);
        execute format('alter table audit attach partition %I for values from (%s) to (%s)', wanted, begun, ended);
        execute format('create trigger never_emptied before truncate on %I execute function refuse_change()', wanted);
        made := made + 1;
      end loop;
      return made;
    end $function$;

CREATE OR REPLACE FUNCTION public.record_login(at_device bytea, people bytea[], device_name text, most integer, events jsonb, if_new jsonb, forgiven jsonb, now_ms bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
    declare
      fresh boolean := false;
      letter json;
    begin
      if at_device is not null then
        update devices set last_at = now_ms, name = device_name, person = people[1] where device = at_device and person = any(people);
        if not found then
          if if_new is null then
            return false;
          end if;
          insert into devices (device, person, first_at, last_at, name) values (at_device, people[1], now_ms, now_ms, device_name)
          on conflict (device, person) do update set last_at = excluded.last_at, name = excluded.name returning xmax = 0 into fresh;
        end if;
      end if;
      perform add_events(events);
      if fresh then
        delete from devices where device = at_device and person in
          (select d.person from devices d where d.device = at_device order by d.last_at desc offset most);
        perform add_events(if_new -> 'events');
        for letter in select value from json_array_elements((if_new -> 'letters')::json) loop
          perform graphile_worker.add_job(if_new ->> 'task', letter, max_attempts := (if_new ->> 'tries')::integer, priority := 0);
        end loop;
      end if;
      -- Last: others at the same address wait for its counter until the end.
      perform take_back_attempts(forgiven, now_ms);
      return true;
    end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    begin
      -- Anybody may say that she is expiring; who does not own the table is one of the functions above, or nobody.
      if tg_table_name like 'audit%' and tg_op = 'DELETE' and current_setting('claveunica.expiring', true) = 'on'
        and pg_has_role((select relowner from pg_class where oid = tg_relid), 'usage') then
        return old;
      end if;
      raise exception 'permission denied: % is only added to', tg_table_name using errcode = '42501';
    end $function$;

CREATE OR REPLACE FUNCTION public.spend_attempts(tries jsonb, now_ms bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
    declare
      try record;
      everyone boolean;
      counter attempts%rowtype;
      latest bigint := 0;
      stepping boolean := false;
      tally integer;
      begun bigint;
      pause bigint;
    begin
      -- Whoever has to wait hears it without a lock, and so without a commit: a flood must be cheap to turn away.
      select max(until_at) into latest from attempts
      where key in (select decode(t ->> 'key', 'hex') from jsonb_array_elements(tries) t where t ->> 'then' = 'wait');
      if latest > now_ms then
        return latest;
      end if;
      latest := 0;
      -- Always in the order of the keys, so that two tries never wait for each other.
      for try in
        select decode(t ->> 'key', 'hex') as key, t ->> 'then' as consequence, (t ->> 'free')::integer as free, (t ->> 'window')::bigint as span
        from jsonb_array_elements(tries) t where t ->> 'member' is null and t ->> 'then' <> 'alarm' order by 1
      loop
        -- One that was there may be taken away before it is locked: then it is made anew.
        loop
          insert into attempts values (try.key, 0, now_ms, now_ms, 0, now_ms + try.span) on conflict do nothing;
          select * into counter from attempts where key = try.key for update;
          exit when found;
        end loop;
        if try.consequence = 'step' then
          stepping := stepping or (counter.failures >= try.free and now_ms < counter.first_at + try.span);
        else
          latest := greatest(latest, counter.until_at);
        end if;
      end loop;
      if latest > now_ms then
        return latest;
      end if;
      -- After the locks: who tries from one address is counted one at a time.
      for try in
        select decode(t ->> 'key', 'hex') as source, decode(t ->> 'member', 'hex') as person, (t ->> 'free')::integer as free, (t ->> 'window')::bigint as span
        from jsonb_array_elements(tries) t where t ->> 'member' is not null
      loop
        select count(*) into tally from (
          select 1 from people_tried where source = try.source and person <> try.person and at > now_ms - try.span limit try.free
        ) others;
        stepping := stepping or tally >= try.free;
        insert into people_tried values (try.source, try.person, now_ms)
        on conflict (source, person) do update set at = excluded.at;
      end loop;
      for try in
        select decode(t ->> 'key', 'hex') as key, t ->> 'then' as consequence, (t ->> 'free')::integer as free, (t ->> 'ceiling')::integer as ceiling,
               (t ->> 'window')::bigint as span, t -> 'waits' as waits
        from jsonb_array_elements(tries) t where t ->> 'member' is null and t ->> 'then' <> 'alarm'
      loop
        select * into counter from attempts where key = try.key;
        if now_ms >= counter.first_at + try.span then
          counter.failures := 0;
        end if;
        tally := counter.failures + 1;
        begun := case when counter.failures = 0 then now_ms else counter.first_at end;
        pause := case
          when try.consequence = 'step' then 0
          when tally >= try.ceiling then begun + try.span
          when tally >= try.free then now_ms + (try.waits ->> least(tally - try.free, jsonb_array_length(try.waits) - 1))::bigint
          else 0 end;
        update attempts set failures = tally, first_at = begun, last_at = now_ms, until_at = pause,
          over_at = greatest(begun + try.span, pause)
        where key = try.key;
      end loop;
      -- Last, and in one of many rows: everybody is counted there.
      select exists (select from jsonb_array_elements(tries) t where t ->> 'then' = 'alarm') into everyone;
      if everyone then
        perform count_everyone(now_ms, 1, 0);
        stepping := stepping or exists (select from alarms where name = 'guessing' and until_at > now_ms);
      end if;
      return case when stepping then -1 else 0 end;
    end $function$;

CREATE OR REPLACE FUNCTION public.take_back_attempts(tries jsonb, now_ms bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    declare
      try record;
    begin
      for try in
        select decode(t ->> 'key', 'hex') as key, decode(t ->> 'member', 'hex') as person, t ->> 'forgives' as forgives, (t ->> 'free')::integer as free
        from jsonb_array_elements(tries) t where t ->> 'then' <> 'alarm' order by 1
      loop
        if try.person is not null then
          delete from people_tried where source = try.key and person = try.person;
        elsif try.forgives = 'all' then
          delete from attempts where key = try.key;
        else
          update attempts set failures = greatest(failures - 1, 0), until_at = case when failures - 1 < try.free then 0 else until_at end
          where key = try.key;
        end if;
      end loop;
      for try in select t ->> 'forgives' as forgives from jsonb_array_elements(tries) t where t ->> 'then' = 'alarm' loop
        if try.forgives = 'all' then
          perform count_everyone(now_ms, 0, 1);
        else
          perform count_everyone(now_ms, -1, 0);
        end if;
      end loop;
    end $function$;

CREATE OR REPLACE FUNCTION public.tell_room()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      perform pg_notify('claveunica_rooms', new.id::text);
      return null;
    end $function$;
