-- What answers really took lately, by feature and model: what the next ones are expected to take, and so what is held
-- for them. Written by workers every few seconds, from memory. A row ends when its model has answered nothing for a
-- month.
create table answer_costs (
  feature       feature       not null,
  model         text          not null,
  tokens        int[]         not null,           -- of the last answers, thoughts included, the newest last
  times         timestamptz[] not null,           -- when each of them was
  prompt_chars  bigint        not null default 0, -- of prompts that the provider counted, text only
  prompt_tokens bigint        not null default 0, -- what these came to
  answered_at   timestamptz   not null,
  primary key (feature, model),
  constraint answer_costs_paired check (cardinality(tokens) = cardinality(times))
) with (fillfactor = 50);
grant select on answer_costs to medai_user;
grant select, insert, update, delete on answer_costs to medai_platform;

-- The most that a student's answers may take which have begun and not ended. What is held is an expectation: answers that
-- all take more than that are kept from running at once by this. `begins` says whether the answer that was held for last
-- may begin at once; the statement that writes it reads it, and nobody else.
alter table usage_days
  add column tokens_at_most bigint  not null default 0 constraint usage_tokens_at_most check (tokens_at_most >= 0),
  add column begins         boolean not null default true;

-- What a job counts in there: nothing before it begins.
alter table usage_ledger
  add column at_most_tokens bigint not null default 0;
