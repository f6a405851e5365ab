-- What is done when, and how far that is: written by the scheduler that leads, at each tick, for admins to see. A row a name;
-- one goes when a scheduler leads that does not know the name.
create table schedule_lines (
  name        text        primary key,
  expression  text        not null,     -- of cron
  zone        text        not null,     -- by its name in the IANA's list
  last_tick   timestamptz,
  next_tick   timestamptz
);
grant select, insert, update, delete on schedule_lines to medai_platform;
