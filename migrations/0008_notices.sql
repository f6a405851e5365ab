-- What admins are to be told. A notice is written in the transaction that causes it, by a plain insert that
-- waits for nobody, and ends within seconds: it is folded, with others of its kind, into an alert. An alert
-- is told by its deliveries, one for each channel and recipient; both are pruned after 90 days.
create table notices (
  id         uuid        primary key,
  event      text        not null,
  about      text        not null,              -- what of the same event is one story: a key, a feature
  subject    text        not null,
  facts      jsonb       not null default '{}', -- shown as a list, never a secret
  except_id  uuid,                              -- who caused it, where only the others are told
  created_at timestamptz not null default now(),
  look_at    timestamptz not null default now() -- when it may be ripe: later for what waits to be folded
);
create index notices_by_look on notices (look_at);

create table alerts (
  id         uuid        primary key,
  event      text        not null,
  about      text        not null,              -- '*' for a digest about many things
  subject    text        not null,
  facts      jsonb       not null,
  except_id  uuid,
  count      int         not null constraint alerts_count check (count > 0),
  first_at   timestamptz not null,
  last_at    timestamptz not null,
  created_at timestamptz not null
);
create index alerts_by_time on alerts (created_at);

create table deliveries (
  id         uuid        primary key,           -- also what receivers know a repetition by
  alert_id   uuid        not null references alerts on delete cascade,
  channel    text        not null constraint deliveries_channel check (channel in ('email', 'webhook', 'sms')),
  target     text        not null,              -- an address, a webhook's id, a phone
  state      text        not null default 'waiting'
                         constraint deliveries_state check (state in ('waiting', 'delivered', 'failed')),
  tries      int         not null default 0,
  error      text,                              -- of the last try, in our words
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint deliveries_once unique (alert_id, channel, target)
);
create index deliveries_by_state on deliveries (state, id);

-- Where alerts go. A row ends when an admin takes it out. Address and secret are encrypted together,
-- since the address of many services is a secret, too.
create table webhooks (
  id            uuid        primary key,
  sealed        bytea       not null,
  cipher_key_id text        not null,
  shown         text        not null,           -- as much of the address as anybody is shown
  enabled       boolean     not null default true,
  created_at    timestamptz not null default now()
);

-- Who is told what. One row, for good; null is the default.
create table notification_settings (
  only_row         boolean primary key default true constraint notification_settings_only check (only_row),
  emails           text[],
  phones           text[]  not null default '{}',
  key_failures     int     not null default 1   constraint notification_settings_failures check (key_failures between 1 and 1000),
  coalesce_seconds int     not null default 5   constraint notification_settings_coalesce check (coalesce_seconds between 0 and 3600),
  quiet_seconds    int     not null default 600 constraint notification_settings_quiet check (quiet_seconds between 0 and 86400),
  types            jsonb   not null default '{}' -- by event: whether it is told, and through which channels
);
insert into notification_settings default values;

grant select, insert, update, delete on notices, alerts, deliveries, webhooks to medai_platform;
grant select, update on notification_settings to medai_platform;
