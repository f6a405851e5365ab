-- Keys may be of Anthropic's Messages API. It stands where it is preferred; rows name providers, so nothing of what is stored
-- changes.
alter type provider add value 'anthropic' before 'ollama';
