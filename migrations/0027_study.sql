-- What students keep and learn by. All of it ends with its student; what hangs on a deck ends with the deck.

-- What a student says about studying, and the parameters that were fitted to their reviews (null is the defaults).
create table study_settings (
  user_id     uuid        primary key references users on delete cascade,
  time_zone   text        not null default 'UTC' constraint study_settings_time_zone check (char_length(time_zone) between 1 and 64),
  parameters  real[]      constraint study_settings_parameters check (cardinality(parameters) = 21),
  -- When fitting was last tried, to how many reviews, and how wrong predictions were before and after (log loss).
  fitted_at   timestamptz,
  fitted_to   int,
  loss_before real,
  loss_after  real
);

-- Decks nest by `::` in their titles, as in Anki.
create table decks (
  id                uuid        primary key,
  user_id           uuid        not null references users on delete cascade,
  title             text        not null constraint decks_title_length check (char_length(title) between 1 and 300),
  new_per_day       int         not null default 20 constraint decks_new_per_day check (new_per_day between 0 and 9999),
  reviews_per_day   int         not null default 200 constraint decks_reviews_per_day check (reviews_per_day between 0 and 9999),
  desired_retention real        not null default 0.9 constraint decks_retention check (desired_retention between 0.70::real and 0.97::real),
  -- In minutes.
  learning_steps    int[]       not null default '{1,10}' constraint decks_steps check (cardinality(learning_steps) <= 10),
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  constraint decks_of_a_student unique (user_id, id)
);
create unique index decks_title_once on decks (user_id, lower(title));

-- The fields that cards are made of. `fields` by kind: {front, back}; {text, extra}; {image_id | document_id + page, boxes,
-- header, extra}. The guid names the note in Anki and never changes.
create type note_kind as enum ('basic', 'basic_reversed', 'cloze', 'image_occlusion');
create type note_origin as enum ('student', 'command', 'import');
create table notes (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  deck_id    uuid        not null,
  guid       text        not null constraint notes_guid_length check (char_length(guid) between 1 and 200),
  kind       note_kind   not null,
  fields     jsonb       not null,
  tags       text[]      not null default '{}' constraint notes_tags check (cardinality(tags) <= 100),
  images     uuid[]      not null default '{}',    -- that the fields name, so that they are kept
  source     jsonb,                                -- {document_id, title, page, label, quote}, where the quote was checked
  created_by note_origin not null,
  message_id uuid,                                 -- the answer that made it, which may be gone
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notes_guid_once unique (user_id, guid),
  constraint notes_of_a_student unique (user_id, id),
  constraint notes_deck foreign key (user_id, deck_id) references decks (user_id, id) on delete cascade
);
create index notes_by_deck on notes (user_id, deck_id, id);
create index notes_by_tag on notes using gin (tags);
create index notes_by_image on notes using gin (images) where images <> '{}';

-- One side of a note that is asked. What FSRS knows of it is what its reviews make of it (study::scheduling::rebuild).
create type card_state as enum ('new', 'learning', 'review', 'relearning');
create table cards (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  note_id    uuid        not null,
  deck_id    uuid        not null,
  ordinal    smallint    not null,                 -- side of the note; of a cloze its number
  position   bigint      not null,                 -- the turn of a new card
  state      card_state  not null default 'new',
  step       smallint    not null default 0,
  stability  real,
  difficulty real,
  due_at     timestamptz,                          -- of a card in steps
  due_day    int,                                  -- of a card in review: days since 1970-01-01
  interval   int         not null default 0,       -- days
  last_day   int,
  reps       int         not null default 0,
  lapses     int         not null default 0,
  suspended  boolean     not null default false,
  buried_on  int,                                  -- the day on which it is not asked
  -- What it was before its reviews: null is new, else it was imported with this state and without its whole log.
  imported   jsonb,                                -- a study::scheduling::Card
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint cards_once unique (note_id, ordinal),
  constraint cards_note foreign key (user_id, note_id) references notes (user_id, id) on delete cascade,
  constraint cards_deck foreign key (user_id, deck_id) references decks (user_id, id) on delete cascade,
  constraint cards_memory check ((stability is null) = (difficulty is null)),
  constraint cards_due check (num_nonnulls(due_at, due_day) = (case when state = 'new' then 0 else 1 end))
) with (fillfactor = 80);
create index cards_by_deck on cards (user_id, deck_id, position);
create index cards_due on cards (user_id, due_day) where due_day is not null and not suspended;
create index cards_in_steps on cards (user_id, due_at) where due_at is not null and not suspended;
create index cards_new on cards (user_id, deck_id, position, id) where state = 'new' and not suspended;

-- Every answer to a card, for good: rows are only added. To undo is a row that names another; to reset is one without a
-- rating. Rows outlive their card, for statistics, and end with their student.
create table reviews (
  id          uuid        primary key,
  user_id     uuid        not null references users on delete cascade,
  card_id     uuid        not null,
  deck_id     uuid        not null,
  day         int         not null,                -- of the student, then
  reviewed_at timestamptz not null,
  rating      smallint    constraint reviews_rating check (rating between 1 and 4),
  undoes      uuid        constraint reviews_undone_once unique,
  was         card_state  not null,                -- the state before
  was_interval int        not null,
  state       card_state  not null,                -- after it
  step        smallint    not null,
  interval    int         not null,                -- after it: days, or seconds where negative
  stability   real,
  difficulty  real,
  recall      real,                                -- the probability that was predicted; null in learning
  duration_ms int         not null,
  key         text        not null constraint reviews_key_length check (char_length(key) between 1 and 255),
  constraint reviews_once unique (user_id, key),
  constraint reviews_kinds check (undoes is null or rating is null)
);
create index reviews_by_card on reviews (user_id, card_id, reviewed_at, id);
create index reviews_by_day on reviews (user_id, day, id) include (was, rating);

-- What `/mcq` made.
create table question_sets (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  title      text        not null constraint question_sets_title_length check (char_length(title) between 1 and 300),
  message_id uuid,
  created_at timestamptz not null default now(),
  constraint question_sets_of_a_student unique (user_id, id)
);
create index question_sets_by_user on question_sets (user_id, id desc);

create type difficulty as enum ('easy', 'medium', 'hard');
create table questions (
  id            uuid        primary key,
  user_id       uuid        not null references users on delete cascade,
  set_id        uuid        not null,
  position      int         not null,
  stem          text        not null,
  lead_in       text        not null,
  options       jsonb       not null,              -- four times {text, explanation}
  answer        smallint    not null constraint questions_answer check (answer between 0 and 3),
  difficulty    difficulty  not null,
  topic         text        not null,
  source        jsonb,
  -- Who made it, for what admins see of bad items.
  provider      text,
  model         text,
  prompt        text,
  reported_at   timestamptz,
  reported_for  text        constraint questions_reported_for_length check (char_length(reported_for) between 1 and 1000),
  constraint questions_of_a_student unique (user_id, id),
  constraint questions_set foreign key (user_id, set_id) references question_sets (user_id, id) on delete cascade
);
create index questions_by_set on questions (user_id, set_id, position);
create index questions_by_topic on questions (user_id, lower(topic));

-- An attempt at questions. In `exam` the server keeps the time.
create type quiz_mode as enum ('tutor', 'exam');
create table quizzes (
  id          uuid        primary key,
  user_id     uuid        not null references users on delete cascade,
  mode        quiz_mode   not null,
  started_at  timestamptz not null,
  ends_at     timestamptz,                          -- null where there is no limit
  finished_at timestamptz,
  constraint quizzes_of_a_student unique (user_id, id)
);
create index quizzes_by_user on quizzes (user_id, id desc);

-- Its questions, as they were when it began: a question that is deleted or reported stays in quizzes that have it.
create table quiz_questions (
  user_id     uuid        not null references users on delete cascade,
  quiz_id     uuid        not null,
  position    int         not null,
  question_id uuid        not null,
  snapshot    jsonb       not null,                 -- the question as items::Question
  option      smallint    constraint quiz_questions_option check (option between 0 and 3),
  flagged     boolean     not null default false,
  eliminated  smallint[]  not null default '{}',
  answered_at timestamptz,
  primary key (quiz_id, position),
  constraint quiz_questions_once unique (quiz_id, question_id),
  constraint quiz_questions_quiz foreign key (user_id, quiz_id) references quizzes (user_id, id) on delete cascade
);
create index quiz_questions_by_question on quiz_questions (user_id, question_id);

-- What `/highyield` (points) and `/explain` (sections) made.
create type summary_kind as enum ('highyield', 'explain');
create table summaries (
  id         uuid         primary key,
  user_id    uuid         not null references users on delete cascade,
  kind       summary_kind not null,
  title      text         not null constraint summaries_title_length check (char_length(title) between 1 and 300),
  items      jsonb        not null,                 -- points or sections, each with its source
  message_id uuid,
  created_at timestamptz  not null default now()
);
create index summaries_by_user on summaries (user_id, id desc);

-- What `/map` made.
create table maps (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  title      text        not null constraint maps_title_length check (char_length(title) between 1 and 300),
  map        jsonb       not null,                  -- items::Map
  message_id uuid,
  created_at timestamptz not null default now()
);
create index maps_by_user on maps (user_id, id desc);

do $$
declare t text;
begin
  foreach t in array array['study_settings', 'decks', 'notes', 'cards', 'reviews', 'question_sets', 'questions', 'quizzes',
      'quiz_questions', 'summaries', 'maps'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy %I on %I to medai_user using (user_id = medai_user_id())', t || '_own', t);
    execute format('create policy %I on %I to medai_platform using (true)', t || '_all', t);
    execute format('grant select, insert, update, delete on %I to medai_user, medai_platform', t);
  end loop;
end $$;
-- The log is only added to; who deletes an account deletes it by the cascade.
revoke update, delete on reviews from medai_user, medai_platform;

-- What a command made: its items, as they were told, so that a late reader gets the same, and where it lives.
alter table messages
  add column items         jsonb,
  add column material_kind text constraint messages_material_kind check (material_kind in ('deck', 'question_set', 'summary', 'map')),
  add column material_id   uuid,
  add constraint messages_material check ((material_kind is null) = (material_id is null));

-- How good what models make is, by day, task, provider, model and version of the prompt: no content. Pruned after a year.
create table made_items (
  day       date    not null,
  feature   feature not null,
  provider  text    not null,
  model     text    not null,
  prompt    text    not null,
  calls     bigint  not null default 0,
  prose     bigint  not null default 0,             -- calls that gave no item at all
  items     bigint  not null default 0,             -- as they came
  delivered bigint  not null default 0,
  flawed    bigint  not null default 0,             -- had a reason not to be shown
  mended    bigint  not null default 0,             -- of these, came right when asked again
  dropped   bigint  not null default 0,
  doubles   bigint  not null default 0,
  quotes    bigint  not null default 0,             -- that were named
  unproved  bigint  not null default 0,             -- of these, do not stand on their page
  reported  bigint  not null default 0,
  reasons   jsonb   not null default '{}',          -- how often each code of items::Reason
  primary key (day, feature, provider, model, prompt)
) with (fillfactor = 70);
grant select, insert, update, delete on made_items to medai_platform;

-- Commands count by the item, such as five questions: what is held of the feature's counter, and what it came to.
alter table usage_ledger
  add column held_items bigint not null default 1 constraint usage_ledger_held_items check (held_items >= 0),
  add column items      bigint;
