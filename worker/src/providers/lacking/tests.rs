use super::*;

fn lack(body: &str) -> Option<Lack> {
    lack_of(&Fault::of(body.as_bytes()), &Sent { pictures: true, system: true, ..Sent::default() })
}

fn lack_of_error(message: &str) -> Option<Lack> {
    lack(&serde_json::json!({ "error": { "message": message, "type": "invalid_request_error" } }).to_string())
}

#[test]
fn fields_are_found_wherever_they_are_named() {
    let nested = r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"],"msg":"Extra inputs are not permitted","input":true}]},"type":"invalid_request_error","param":null,"code":null}"#;
    assert_eq!(lack(nested), Some(Lack::Field(Field::StreamOptions)));
    let table = [
        (
            "Unsupported value: 'temperature' does not support 0.4 with this model. Only the default (1) value is supported.",
            Field::Temperature,
        ),
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            Field::MaxTokens,
        ),
        ("Unrecognized request argument supplied: max_completion_tokens", Field::MaxCompletionTokens),
        (
            "Invalid JSON payload received. Unknown name \"thinkingConfig\" at 'generation_config': Cannot find field.",
            Field::Thinking,
        ),
        ("\"llama3.2\" does not support thinking", Field::Thinking),
        ("invalid options: temperature", Field::Temperature),
        ("This model does not support streaming.", Field::Stream),
        ("property 'stream_options' is unsupported", Field::StreamOptions),
        ("Unrecognized request argument supplied: reasoning_effort", Field::Thinking),
        (
            "Model \"x\" does not support matryoshka representation, changing output dimensions will lead to poor results.",
            Field::Dimensions,
        ),
        ("json: unknown field \"num_ctx\"", Field::ContextLength),
        ("`temperature` is deprecated for this model.", Field::Temperature),
    ];
    for (message, field) in table {
        assert_eq!(lack_of_error(message), Some(Lack::Field(field)), "{message}");
    }
    let raw = r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"x\",\"param\":\"temperature\"}}"}}}"#;
    assert_eq!(lack(raw), Some(Lack::Field(Field::Temperature)));
    let google = r#"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"x","details":[{"fieldViolations":[{"field":"generation_config.temperature","description":"y"}]}]}}"#;
    assert_eq!(lack(google), Some(Lack::Field(Field::Temperature)));
}

#[test]
fn lengths_are_found_with_their_numbers() {
    let table = [
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9,000 tokens.",
            Lack::Context(8_192),
        ),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            Lack::Context(1_048_576),
        ),
        ("prompt is too long: 210000 tokens > 200000 maximum", Lack::Context(200_000)),
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 2048. This model's maximum context length is 4096 tokens and your request has 3000 input tokens.",
            Lack::Context(4_096),
        ),
        (
            "max_tokens is too large: 16384. This model supports at most 4096 completion tokens, whereas you provided 16384.",
            Lack::Output(4_096),
        ),
        (
            "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 9000",
            Lack::Context(6_000),
        ),
        ("Range of max_tokens should be [1, 8192], range of", Lack::Output(8_192)),
        (
            "<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents",
            Lack::Batch(10),
        ),
        ("batch size 64 > maximum allowed batch size 32", Lack::Batch(32)),
        ("* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch", Lack::Batch(100)),
        ("invalid request: total number of texts must be at most 96 - received 97", Lack::Batch(96)),
    ];
    for (message, expected) in table {
        assert_eq!(lack_of_error(message), Some(expected), "{message}");
    }
    let llama = r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}}"#;
    assert_eq!(lack(llama), Some(Lack::Context(4_096)));
    assert!(is_too_long(&Fault::of(br#"{"error":"the input length exceeds the context length"}"#)));
    assert_eq!(
        lack_of_error(
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead."
        ),
        None
    );
}

#[test]
fn pictures_system_text_and_schemas_are_found() {
    for message in [
        "No endpoints found that support image input",
        "image_url is only supported by certain models",
        "Invalid content type. image_url is not supported.",
        "this model is missing data required for image input",
        "At most 0 image(s) may be provided in one request. The model is not multimodal",
        "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
        "messages[1].content: invalid type: sequence, expected a string",
    ] {
        assert_eq!(lack_of_error(message), Some(Lack::Vision), "{message}");
    }
    for message in [
        "Developer instruction is not enabled for models/gemma-3-27b-it",
        "System role not supported",
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        "Only user and assistant roles are supported!",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Unknown name \"systemInstruction\": Cannot find field.",
    ] {
        assert_eq!(lack_of_error(message), Some(Lack::SystemText), "{message}");
    }
    assert_eq!(lack_of_error("response_format json_schema is not supported"), Some(Lack::Schema));
    let image = br#"{"error":"No endpoints found that support image input"}"#;
    assert_eq!(lack_of(&Fault::of(image), &Sent::default()), None, "none was sent");
    for message in [
        "About your prompt",
        "could not process image",
        "The system is busy",
        "Internal server error",
        "You didn't provide an API key.",
        "Incorrect API key provided",
    ] {
        assert_eq!(lack_of_error(message), None, "{message}");
    }
}
