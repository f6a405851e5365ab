-- What is known of how truly a page was read, and by which reader; what could not be embedded; and words that a slash or
-- a full stop parts.

-- A document that an earlier reader read is read anew in the background. Until then its passages are marked, and its
-- words are indexed as they were. What cannot be read anew stays as it is, and marked.
alter table documents
  add column reader_version int      not null default 0,  -- whose text it has; 0 is one that read numbers wrong
  add column reread_version int      not null default 0,  -- the reader that it was last tried to be read anew with
  add column reread_tries   smallint not null default 0;  -- how often that was begun
create index documents_by_reader on documents (reader_version);

alter table document_pages
  add column doubtful   boolean not null default false,   -- its numbers, units or signs could not be proved
  add column recognised boolean not null default false;   -- its text was looked for in an image of it

-- A passage that its model cannot embed has a row without a vector: it is found by its words, and not tried for ever.
alter table chunk_vectors alter column embedding drop not null;

-- A text with what hides words taken out, for Postgres to parse: it takes "HIV/AIDS" for a file, "cells.The" for a host
-- and "<5 and b>" for a tag. Letters that full stops abbreviate stay together (q.i.d. is qid); numbers stay whole (0.5,
-- 1/2); other slashes and full stops at a letter part words. A letter is whatever is no space, digit or sign of ASCII, so
-- that no locale says otherwise.
create function medai_parted(body text) returns text
language sql immutable parallel safe
return regexp_replace(
  regexp_replace(
    translate(
      regexp_replace(normalize(body, NFKD), '[\u0300-\u036f]+', '', 'g'),
      U&'\2044\2215<>&', '//   '),
    '\m([A-Za-z])\.(?=[A-Za-z]\M)', '\1', 'g'),
  '(?<=[^\s!-@\[-`{-~])[/.]|[/.](?=[^\s!-@\[-`{-~])', ' ', 'g');

-- The words of a text, stemmed, without accents and ligatures, so that Sjogren finds Sjögren. Of documents and of
-- questions alike.
create or replace function medai_words(body text) returns tsvector
language sql immutable parallel safe
return to_tsvector('pg_catalog.english'::regconfig, medai_parted(body));
