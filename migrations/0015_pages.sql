-- What is known of how truly a page was read, and by which reader; and what could not be embedded.

-- A passage that its model cannot embed has a row without a vector: it is found by its words, and not tried for ever.
alter table chunk_vectors alter column embedding drop not null;
