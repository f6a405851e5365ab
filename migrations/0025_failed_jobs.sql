-- Failed jobs, whoever gave them up, in the order of the list: one index, so that a page of them costs a page. The index
-- before had only those that told their readers of an error.
create index jobs_ended_badly on jobs (id)
  where state = 'discarded' or (state = 'done' and ending ->> 'kind' = 'error');
drop index jobs_failed;
