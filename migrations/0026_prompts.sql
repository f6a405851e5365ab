-- Which template of which version an answer was asked for with (`worker/src/prompts`), so that what models make can be told
-- apart by it. Nothing of the conversation is in it. Null where nobody was asked, and in answers of earlier releases. It
-- goes with its message.
alter table messages
    add column prompt text,
    add constraint messages_prompt_is_short check (length(prompt) <= 64);
