//! The simulator as a program of its own.

use std::net::{IpAddr, SocketAddr};

use clap::Parser;
use simulator::{KEY_NAMES, Script, Simulator};

/// Stands in for Gemini, OpenAI-compatible services, Anthropic and Ollama, at one address, with every way that they
/// are known to fail. `--help` lists the key names that pick a behaviour.
#[derive(Parser)]
#[command(name = "simulator", version, after_long_help = KEY_NAMES)]
struct Args {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 9100)]
    port: u16,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Chunks of an answer.
    #[arg(long, default_value_t = 40)]
    chunks: usize,
    /// Milliseconds before the first token.
    #[arg(long, default_value_t = 0)]
    first_token_delay_ms: u64,
    /// Milliseconds between tokens.
    #[arg(long, default_value_t = 0)]
    token_delay_ms: u64,
    /// Answer with the demo provider's text.
    #[arg(long)]
    demo: bool,
    /// How many of the latest calls the log keeps.
    #[arg(long, default_value_t = 50_000)]
    keep_calls: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let simulator = Simulator::start_on(SocketAddr::new(args.host, args.port)).await?;
    simulator.keep_calls(args.keep_calls);
    simulator.default_script(Script {
        chunks: args.chunks,
        first_token_delay_ms: args.first_token_delay_ms,
        token_delay_ms: args.token_delay_ms,
        demo: args.demo,
        ..Script::default()
    });
    announce(&simulator);
    tokio::signal::ctrl_c().await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever started it reads the address here")]
fn announce(simulator: &Simulator) {
    println!("listening on {}", simulator.url());
}
