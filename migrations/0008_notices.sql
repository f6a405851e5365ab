-- What admins are to be told: the outbox. A row is written in the transaction that causes it, and
-- stays, with how it went, until it is pruned.
create table notices (
  id         uuid        primary key,
  event      text        not null,
  about      text        not null,              -- what of the same event is one story: a key, a feature
  subject    text        not null,
  facts      jsonb       not null default '{}', -- shown as a list, never a secret
  except_id  uuid,                              -- who caused it, where only the others are told
  count      int         not null default 1,    -- how often it happened before it was told
  created_at timestamptz not null default now()
);
grant select, insert, update, delete on notices to medai_platform;
