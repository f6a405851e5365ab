-- What is closed, and why: maintenance and feature toggles. Every process holds all of it in memory
-- and reads it anew when the bell `upkeep` rings. No feature stands for the whole platform.
create type maintenance_level as enum ('none', 'soft', 'hard');
create type maintenance_source as enum ('automatic', 'admin', 'window');

-- States that hold now. Each source has a row of its own, so that what the platform does by itself
-- never touches what an admin set; the strongest of a scope counts. A row ends with its state.
create table maintenance_states (
  feature               feature,
  source                maintenance_source not null,
  level                 maintenance_level  not null constraint maintenance_states_level check (level <> 'none'),
  reason                text               not null,             -- for admins
  message               text,                                    -- for users; null is the usual sentence
  estimated_restoration timestamptz,
  since                 timestamptz        not null,
  set_by                uuid,                                    -- outlives the account; null is the platform
  set_by_email          text,
  constraint maintenance_states_scope unique nulls not distinct (feature, source)
);

-- When an admin last overrode maintenance: it does not begin by itself again right after. One row a
-- scope, which the next override replaces.
create table maintenance_overrides (
  feature feature,
  at      timestamptz not null,
  constraint maintenance_overrides_scope unique nulls not distinct (feature)
);

-- Maintenance that is announced. It begins and ends by itself; `ended_at` is set where an admin ended
-- it before its time. Rows stay, as the history of what was announced.
create table maintenance_windows (
  id               uuid              primary key,
  feature          feature,
  level            maintenance_level not null constraint maintenance_windows_level check (level <> 'none'),
  reason           text              not null,
  message          text,
  starts_at        timestamptz       not null,
  ends_at          timestamptz       not null,
  ended_at         timestamptz,
  created_by       uuid,
  created_by_email text,
  created_at       timestamptz       not null default now(),
  constraint maintenance_windows_order check (ends_at > starts_at)
);
create index maintenance_windows_ahead on maintenance_windows (ends_at) where ended_at is null;

-- Toggles. A feature without a row is on, with the limits of the plans.
create table feature_settings (
  feature    feature     primary key,
  enabled    boolean     not null default true,
  limits     jsonb,                              -- a number a day for every plan, or one by plan
  updated_at timestamptz not null default now(),
  updated_by uuid
);

create function upkeep_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('upkeep', '');
  return null;
end $$;

do $$
declare t text;
begin
  foreach t in array array['maintenance_states', 'maintenance_windows', 'feature_settings'] loop
    execute format('create trigger %I after insert or update or delete on %I
      for each statement execute function upkeep_changed()', t || '_changed', t);
  end loop;
  foreach t in array array['maintenance_states', 'maintenance_overrides', 'maintenance_windows', 'feature_settings'] loop
    execute format('grant select, insert, update, delete on %I to medai_platform', t);
  end loop;
end $$;
