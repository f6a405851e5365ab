-- Students' documents, and what is made of them: text by page, chunks that know their page and place,
-- vectors and an inverted index. A document ends when its student deletes it, and takes all of this along;
-- its file is removed by a job that the same transaction enqueues.
create type document_status as enum ('uploaded', 'processing', 'ready', 'partly_ready', 'failed');

create table documents (
  id              uuid            primary key,
  user_id         uuid            not null references users on delete cascade,
  title           text            not null constraint documents_title_length check (char_length(title) between 1 and 200),
  sha256          bytea           not null constraint documents_sha256_length check (octet_length(sha256) = 32),
  bytes           bigint          not null check (bytes >= 0),
  status          document_status not null default 'uploaded',
  pages           int,                                  -- once it has been read
  failed_pages    int[]           not null default '{}',
  textless_pages  int[]           not null default '{}',
  error           jsonb,                                -- as the student is told; also of one that is partly read
  progress        jsonb,
  chunks          int             not null default 0,   -- that its words are indexed of
  model           text,                                 -- whose vectors are complete
  password        bytea,                                -- encrypted, until the reading that needs it has ended
  password_key_id text,
  job_id          uuid            not null,             -- who works on it, or did last
  created_at      timestamptz     not null default now(),
  ready_at        timestamptz,
  -- The same file again is the same document.
  constraint documents_once unique (user_id, sha256)
);
create index documents_by_user on documents (user_id, id desc);

-- The text, by page from 1. It is kept once, here: chunks are ranges of it.
create type page_outcome as enum ('read', 'no_text', 'failed');

create table document_pages (
  user_id     uuid         not null,
  document_id uuid         not null references documents on delete cascade,
  page        int          not null check (page > 0),
  label       text,                                     -- as it is printed: iv, 12
  outcome     page_outcome not null,
  body        text         not null default '',
  primary key (document_id, page)
);
create index document_pages_by_user on document_pages (user_id);

-- The place of a chunk in its document is a number: 4096 · page + its place on the page. So a step that is run
-- again writes the same rows, and an index can name a chunk by four bytes.
create table chunks (
  user_id     uuid     not null,
  document_id uuid     not null references documents on delete cascade,
  number      int      not null,
  start_char  int      not null,                        -- in characters of the page's text
  end_char    int      not null,
  tokens      smallint not null,
  primary key (document_id, number),
  constraint chunks_range check (0 <= start_char and start_char < end_char)
);
create index chunks_by_user on chunks (user_id);

-- One vector a chunk and model, apart from everything else: the search reads all of a student's, so the rows
-- must be small enough to stay in the table (a wider row would be moved out, to be fetched one by one).
create table chunk_vectors (
  user_id     uuid        not null,
  document_id uuid        not null,
  number      int         not null,
  model       text        not null,
  embedding   vector(384) not null,
  primary key (document_id, number, model),
  foreign key (document_id, number) references chunks on delete cascade
);
alter table chunk_vectors alter column embedding set storage plain;
create index chunk_vectors_by_user on chunk_vectors (user_id, model);

-- The inverted index: the chunks of a document that have a word, each with its weight (BM25 without the rarity
-- of the word, in thousandths). Postgres' own index over text cannot be told to stay within one student, and
-- row-level security keeps it from being used at all; this one is read word by word of one student.
create table document_words (
  user_id     uuid       not null,
  document_id uuid       not null references documents on delete cascade,
  word        text       collate "C" not null,
  numbers     int[]      not null,
  weights     smallint[] not null,
  primary key (user_id, word, document_id)
);
create index document_words_by_document on document_words (document_id);

-- The words of a text, stemmed, without accents and ligatures, so that Sjogren finds Sjögren.
create function medai_words(body text) returns tsvector
language sql immutable parallel safe
return to_tsvector('pg_catalog.english'::regconfig, regexp_replace(normalize(body, NFKD), '[\u0300-\u036f]+', '', 'g'));

-- A search that waits for its job: the question, which no payload may hold. The job removes it.
create table searches (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  query      text        not null,
  document   uuid,                                      -- only in this one
  top_k      int         not null,
  created_at timestamptz not null default now()
);
create index searches_by_user on searches (user_id);

-- Images that students attach to messages, decoded and encoded anew. One that no message took is swept after a
-- day; the others end with their message.
create table images (
  id           uuid        primary key,
  user_id      uuid        not null references users on delete cascade,
  message_id   uuid,
  content_type text        not null,
  bytes        bigint      not null,
  width        int         not null,
  height       int         not null,
  created_at   timestamptz not null default now()
);
create index images_by_user on images (user_id);
create index images_by_message on images (message_id) where message_id is not null;

-- What a conversation is about; null is all of the student's documents, none is none.
alter table sessions add column documents uuid[];

do $$
declare t text;
begin
  foreach t in array array['documents', 'document_pages', 'chunks', 'chunk_vectors', 'document_words', 'searches', 'images'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy %I on %I to medai_user using (user_id = medai_user_id())', t || '_own', t);
    execute format('create policy %I on %I to medai_platform using (true)', t || '_all', t);
    execute format('grant select, insert, update, delete on %I to medai_user, medai_platform', t);
  end loop;
end $$;

-- What belongs to a document goes into one of one's own: the key to the document alone would let somebody write
-- into another's.
do $$
declare t text;
begin
  foreach t in array array['document_pages', 'chunks', 'chunk_vectors', 'document_words'] loop
    execute format('drop policy %I on %I', t || '_own', t);
    execute format('create policy %I on %I for select to medai_user using (user_id = medai_user_id())', t || '_select', t);
    execute format('create policy %I on %I for update to medai_user using (user_id = medai_user_id())', t || '_update', t);
    execute format('create policy %I on %I for delete to medai_user using (user_id = medai_user_id())', t || '_delete', t);
    execute format('create policy %I on %I for insert to medai_user
      with check (user_id = medai_user_id() and exists (select from documents d where d.id = document_id))', t || '_insert', t);
  end loop;
end $$;
