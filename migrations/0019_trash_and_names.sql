-- What a student throws away on a page is out of sight at once, and can be brought back for ten minutes. A job that was
-- enqueued with it (`empty_trash`) deletes it then.
alter table sessions add column trashed_at timestamptz;

-- Admins look for what failed, whoever handled it: of the many jobs that came to their end, those that told their readers
-- of an error.
create index jobs_failed on jobs (id) where state = 'done' and ending ->> 'kind' = 'error';

-- What admins call a key, and what they want to remember of it.
alter table provider_keys
  add column name text constraint provider_keys_name_length check (char_length(name) between 1 and 60),
  add column note text constraint provider_keys_note_length check (char_length(note) between 1 and 500);
