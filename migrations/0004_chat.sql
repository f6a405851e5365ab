-- Conversations. A session ends when its student deletes it, and takes its messages along. Messages
-- form a tree: regenerating and editing add branches under the same parent.
create type feature as enum ('chat', 'flashcard', 'mcq', 'highyield', 'explain', 'map', 'pdf', 'image',
  'clinical', 'osce', 'planner', 'embedding');
create type message_role as enum ('user', 'assistant');
create type message_status as enum ('pending', 'complete', 'truncated', 'blocked', 'cancelled', 'failed');

create table sessions (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  title      text        constraint sessions_title_length check (char_length(title) between 1 and 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_by_user on sessions (user_id, updated_at desc, id desc);

create table messages (
  id                uuid           primary key,
  user_id           uuid           not null,      -- the session's
  session_id        uuid           not null references sessions on delete cascade,
  parent_id         uuid,                         -- of the same session, with which both end
  role              message_role   not null,
  feature           feature        not null,
  content           text           not null default '',
  status            message_status not null,
  job_id            uuid,                         -- who writes, or wrote, an assistant's message
  provider          text,
  model             text,
  prompt_tokens     int,
  completion_tokens int,
  tokens_exact      boolean,
  citations         jsonb          not null default '[]',
  error             jsonb,                        -- why it failed, as the student was told
  created_at        timestamptz    not null default now(),
  finished_at       timestamptz
) with (fillfactor = 80);
create index messages_by_session on messages (session_id, id);
-- One answer at a time in a session.
create unique index messages_one_pending on messages (session_id) where status = 'pending';

-- What a repeated send gets: the first answer. Pruned after a day.
create table idempotency_keys (
  user_id     uuid        not null references users on delete cascade,
  key         text        not null constraint idempotency_key_length check (char_length(key) between 1 and 255),
  fingerprint bytea       not null,               -- of the request, so that a key is not used for two
  message_id  uuid        not null,
  job_id      uuid        not null,
  created_at  timestamptz not null default now(),
  primary key (user_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

do $$
declare t text;
begin
  foreach t in array array['sessions', 'messages', 'idempotency_keys'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy %I on %I to medai_user using (user_id = medai_user_id())', t || '_own', t);
    execute format('create policy %I on %I to medai_platform using (true)', t || '_all', t);
    execute format('grant select, insert, update, delete on %I to medai_user, medai_platform', t);
  end loop;
end $$;

-- A message goes into a conversation of one's own: the key to the conversation alone would let
-- somebody write into another's.
drop policy messages_own on messages;
create policy messages_select on messages for select to medai_user using (user_id = medai_user_id());
create policy messages_update on messages for update to medai_user using (user_id = medai_user_id());
create policy messages_delete on messages for delete to medai_user using (user_id = medai_user_id());
create policy messages_insert on messages for insert to medai_user
  with check (user_id = medai_user_id() and exists (select from sessions where sessions.id = session_id));
