//! The real model, fetched once into the folder where the tests keep their servers.

use std::{fs, path::Path, sync::Arc};

use ingest::{
    assets::Assets,
    chunks::{MOST, Splitter},
    embed::{Embedder as _, Local, Purpose, Vector},
};

fn assets() -> Arc<Assets> {
    Arc::new(Assets::below(Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools")))
}

#[tokio::test]
async fn vectors_are_those_that_the_reference_makes() {
    #[derive(serde::Deserialize)]
    struct Sentence {
        text: String,
        vector: Vec<f32>,
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/sentences.json");
    let sentences: Vec<Sentence> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let texts: Vec<_> = sentences.iter().map(|sentence| sentence.text.clone()).collect();
    let local = Local::new(assets());
    let one_by_one = {
        let mut vectors = Vec::new();
        for text in &texts {
            vectors.extend(local.embed(std::slice::from_ref(text), Purpose::Query).await.unwrap());
        }
        vectors.into_iter().map(Option::unwrap).collect::<Vec<_>>()
    };
    // In a batch, other texts' padding changes nothing that counts.
    let together: Vec<_> =
        local.embed(&texts, Purpose::Passage).await.unwrap().into_iter().map(Option::unwrap).collect();
    for (place, sentence) in sentences.into_iter().enumerate() {
        let reference = Vector::new(sentence.vector).unwrap();
        let cosine = one_by_one[place].cosine(&reference);
        assert!(cosine > 0.9999, "{cosine} for {:?}", sentence.text);
        let cosine = together[place].cosine(&reference);
        assert!(cosine > 0.99, "{cosine} in a batch for {:?}", sentence.text);
    }
}

#[tokio::test]
async fn what_says_the_same_is_near_and_what_does_not_is_far() {
    let local = Local::new(assets());
    let texts = ["What raises blood pressure?", "Causes of hypertension", "The train leaves at noon."];
    let vectors = local.embed(&texts.map(str::to_owned), Purpose::Query).await.unwrap();
    let vectors: Vec<_> = vectors.into_iter().map(Option::unwrap).collect();
    assert!(vectors[0].cosine(&vectors[1]) > vectors[0].cosine(&vectors[2]) + 0.2);
    assert!(local.embed(&[], Purpose::Query).await.unwrap().is_empty());
    assert_eq!(local.embed(&[String::new()], Purpose::Query).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_full_page_is_split_into_chunks_that_the_model_takes_whole() {
    let files = assets();
    let splitter = Splitter::new(&files.files().await.unwrap().tokenizer).unwrap();
    let page =
        "Hyperaldosteronism raises arterial pressure (≥ 140/90 mmHg), and lowers potassium. ".repeat(60);
    let chunks = splitter.split(&page).unwrap();
    assert!(chunks.len() > 4);
    assert!(chunks.iter().all(|chunk| chunk.tokens as usize <= MOST));
    assert!(chunks.iter().any(|chunk| chunk.tokens as usize > 200));
}
