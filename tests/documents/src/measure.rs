//! The table.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use ingest::{
    assets::Assets,
    chunks::Splitter,
    embed::{Embedder as _, Local, Purpose},
    reader::PageOutcome,
};

use crate::{
    cost::{Cost, Meter, largest_child_mb},
    folder,
    outcomes::Outcomes,
    progress,
};

/// How many texts a caller of the embedder hands over at once.
const TEXTS: usize = 128;

/// Reads, splits and embeds the folder.
#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to 2⁵³")]
pub(crate) async fn measure(folder: &Path, tools: PathBuf, most: usize) -> anyhow::Result<String> {
    let assets = Arc::new(Assets::below(tools));
    let splitter = Splitter::new(&assets.files().await?.tokenizer)?;
    let files = folder::pdfs(folder)?;
    progress(&format!("reading {} files", files.len()));
    let (mut outcomes, mut reading, mut splitting) = (Outcomes::default(), Cost::default(), Cost::default());
    let (mut pages, mut characters, mut chunks, mut texts) = (0_usize, 0_usize, 0_usize, Vec::new());
    for path in &files {
        let meter = Meter::start()?;
        let (read, end) = folder::read_all(path).await?;
        reading += meter.read()?;
        outcomes.count(&read, &end);
        let meter = Meter::start()?;
        for page in read.iter().filter(|page| page.outcome == PageOutcome::Read) {
            let split = splitter.split(&page.text)?;
            chunks += split.len();
            texts.extend(split.iter().map(|chunk| chunk.text(&page.text)));
        }
        splitting += meter.read()?;
        pages += read.len();
        characters += read.iter().map(|page| page.text.chars().count()).sum::<usize>();
    }
    let mut table = String::new();
    writeln!(table, "{} files, {pages} pages, {characters} characters: {outcomes}", files.len())?;
    let read_cpu = reading.own + reading.children;
    let both = read_cpu + splitting.own;
    let each = |cpu: f64| if cpu > 0.0 { pages as f64 / cpu } else { 0.0 };
    writeln!(table, "| what | CPU seconds | seconds | pages a CPU second |")?;
    writeln!(table, "|---|---|---|---|")?;
    writeln!(table, "| reading | {read_cpu:.2} | {:.2} | {:.0} |", reading.clock, each(read_cpu))?;
    writeln!(
        table,
        "| splitting | {:.2} | {:.2} | {:.0} |",
        splitting.own,
        splitting.clock,
        each(splitting.own)
    )?;
    writeln!(
        table,
        "| both (goal: 200) | {both:.2} | {:.2} | {:.0} |",
        reading.clock + splitting.clock,
        each(both)
    )?;
    writeln!(table, "largest child: {:.0} MB; chunks: {chunks}", largest_child_mb()?)?;
    texts.truncate(most);
    writeln!(table, "{}", embedding(assets, &splitter, texts).await?)?;
    Ok(table)
}

#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to 2⁵³")]
async fn embedding(assets: Arc<Assets>, splitter: &Splitter, texts: Vec<String>) -> anyhow::Result<String> {
    let embedder = Local::new(assets);
    let meter = Meter::start()?;
    embedder.prepare().await?;
    let loading = meter.read()?.clock;
    let mut tokens = 0_u64;
    for text in &texts {
        // With the two marks of each.
        tokens += 2 + splitter.split(text)?.iter().map(|chunk| u64::from(chunk.tokens)).sum::<u64>();
    }
    progress(&format!("embedding {} chunks", texts.len()));
    let meter = Meter::start()?;
    for texts in texts.chunks(TEXTS) {
        embedder.embed(texts, Purpose::Passage).await?;
    }
    let cost = meter.read()?;
    Ok(format!(
        "embedding: {} chunks, {tokens} tokens in {:.2} s ({:.2} CPU seconds): {:.0} tokens and {:.0} chunks a second \
         (goal: 9,900 tokens); loading took {loading:.2} s",
        texts.len(),
        cost.clock,
        cost.own,
        tokens as f64 / cost.clock,
        texts.len() as f64 / cost.clock,
    ))
}
