-- Folders of conversations, as students make them. One ends when its student deletes it; its conversations stay, in none.
create table folders (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  name       text        not null constraint folders_name_length check (char_length(name) between 1 and 60),
  created_at timestamptz not null default now(),
  constraint folders_of_a_student unique (user_id, id)
);
create unique index folders_name_once on folders (user_id, lower(name));

-- Where a conversation stands in the list, and the link that shows it to others: of its token only the hash is kept, and
-- it ends with the trash.
alter table sessions
  add column pinned     boolean     not null default false,
  add column archived   boolean     not null default false,
  add column folder_id  uuid,
  add column share_hash bytea,
  add column shared_at  timestamptz,
  -- By its student, so that nobody's conversation is in another's folder.
  add constraint sessions_folder foreign key (user_id, folder_id) references folders (user_id, id)
    on delete set null (folder_id),
  add constraint sessions_share_once unique (share_hash),
  add constraint sessions_shared check ((share_hash is null) = (shared_at is null));
-- The list, as it is read: what is pinned stands first.
drop index sessions_by_user;
create index sessions_by_user on sessions (user_id, archived, pinned desc, updated_at desc, id desc);
create index sessions_by_folder on sessions (user_id, folder_id, archived, pinned desc, updated_at desc, id desc)
  where folder_id is not null;

-- What students think of answers. A vote names its answer, which may be gone: who tidies up does not take it back. It ends
-- after a year, with its account, or when it is taken back.
create table answer_votes (
  user_id    uuid        not null references users on delete cascade,
  message_id uuid        not null,
  helpful    boolean     not null,
  feature    feature     not null,
  provider   text,
  model      text,
  voted_at   timestamptz not null,
  primary key (user_id, message_id)
);
create index answer_votes_by_time on answer_votes (voted_at);

-- Errors that students report in answers, for admins. The texts are there only where the student agreed to show them, as
-- they were then. A report ends as a vote does, or 90 days after it was handled.
create type report_kind as enum ('wrong', 'unsafe', 'bad_citation', 'other');
create table answer_reports (
  id               uuid        primary key,             -- of its last wording
  user_id          uuid        not null references users on delete cascade,
  message_id       uuid        not null,
  kind             report_kind not null,
  reason           text        constraint answer_reports_reason_length check (char_length(reason) between 1 and 1000),
  question         text,
  answer           text,
  feature          feature     not null,
  provider         text,
  model            text,
  reported_at      timestamptz not null,
  handled_at       timestamptz,
  handled_by       uuid,                                -- outlives the account
  handled_by_email text,
  note             text        constraint answer_reports_note_length check (char_length(note) between 1 and 1000),
  constraint answer_reports_once unique (user_id, message_id)
);
create index answer_reports_by_time on answer_reports (reported_at);
create index answer_reports_open on answer_reports (id) where handled_at is null;

-- What of the platform admins switch as a whole. What has no row is off.
create table platform_switches (
  name       text        primary key constraint platform_switches_known check (name in ('sharing')),
  enabled    boolean     not null,
  updated_at timestamptz not null,
  updated_by uuid
);
create trigger platform_switches_changed after insert or update or delete on platform_switches
  for each statement execute function upkeep_changed();
grant select, insert, update, delete on platform_switches to medai_platform;

do $$
declare t text;
begin
  foreach t in array array['folders', 'answer_votes', 'answer_reports'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy %I on %I to medai_user using (user_id = medai_user_id())', t || '_own', t);
    execute format('create policy %I on %I to medai_platform using (true)', t || '_all', t);
    execute format('grant select, insert, update, delete on %I to medai_user, medai_platform', t);
  end loop;
end $$;
