-- What endpoints (an address and a model) have shown that they cannot do, and on what evidence features were closed.

-- What was learnt of an endpoint. A row ends with its day (`until`), when an admin has a key of the endpoint tested
-- again, or with the student's own key that it is about.
create table endpoint_lessons (
  own_key   uuid        references provider_keys on delete cascade,  -- null: of all shared keys of this endpoint
  provider  provider    not null,
  base_url  text        not null,                                    -- normalised
  model     text        not null,
  lesson    text        not null,                                    -- `vision`, `field:temperature`, `thoughts` …
  amount    bigint,                                                  -- of `batch`, `context` and `thoughts`
  reason    text,                                                    -- in our words, with the vendor's code
  learnt_at timestamptz not null,
  until     timestamptz not null,
  constraint endpoint_lessons_once unique nulls not distinct (own_key, provider, base_url, model, lesson)
) with (fillfactor = 70);
create index endpoint_lessons_by_end on endpoint_lessons (until);

-- Every process holds them with the pool, and reads both anew when this rings.
create trigger endpoint_lessons_changed after insert or update or delete on endpoint_lessons
  for each statement execute function provider_keys_changed();

-- A refusal concerns one request and puts no key away. Admins see here that a key refuses, and why.
alter table provider_keys
  add column refusals   int not null default 0,   -- in a row
  add column refused_at timestamptz,
  add column refusal    text,                     -- why, in our words
  add column back_offs  int not null default 0;   -- rests of unknown length in a row

-- Whether a failure shows that the provider is away, or the key spent.
alter table provider_health add column evidence boolean not null default false;

-- What the platform closed by itself, and the calls that led to it. Pruned after 90 days.
create table closings (
  id        bigint            generated always as identity primary key,
  feature   feature,                              -- null: the whole platform
  level     maintenance_level not null,
  reason    text              not null,
  since     timestamptz       not null,
  ended_at  timestamptz,
  evidence  jsonb             not null            -- the calls: key, time, class, status, reason
);
create index closings_by_time on closings (since desc);

grant select, insert, update, delete on endpoint_lessons, closings to medai_platform;
