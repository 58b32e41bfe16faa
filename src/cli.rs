//! The command line: what `hezuo` does when somebody runs it.
//!
//! It is part of the library, so that the program itself is one call and nothing is compiled twice.

#![expect(clippy::print_stdout, reason = "commands answer on standard output")]

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::App,
    demo, dictionaries, documents,
    error::Locale,
    http, identity,
    platform::trail,
    schema,
    settings::Settings,
    start::{self, StartError},
    workers,
};

/// Bytes of stack of each worker: executing a document nests as deep as the document does.
const STACK: usize = 8 * 1024 * 1024;

/// Hezuo 合作: the backend of a university's cooperation with a county and its enterprises.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    /// A TOML file with settings; the environment's HEZUO_* go before it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API, and GraphiQL at /graphiql.
    Serve {
        /// Serves the demo's story from a database of its own, with personas to sign in as.
        #[arg(long)]
        demo: bool,
    },
    /// Brings the database up to date.
    Migrate,
    /// Prints the schema.
    Schema,
    /// Asks a running server whether it is ready; for health checks.
    Health,
    /// Users.
    #[command(subcommand)]
    User(UserCommand),
    /// The keys that sign tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The trail of everything that happened.
    #[command(subcommand)]
    Trail(TrailCommand),
    /// The documents of our own frontends.
    #[command(subcommand)]
    Documents(DocumentsCommand),
    /// The table of regions.
    #[command(subcommand)]
    Regions(RegionsCommand),
    /// Prints how a query is read: each level's statement, the indexes it uses, how many rows came. No content of any
    /// row. No password is asked: whoever can run this holds the database.
    Explain(ExplainCommand),
}

#[derive(Debug, Args)]
struct ExplainCommand {
    /// The document, a .graphql file.
    file: PathBuf,
    /// Whose eyes to read it with: what the person types to sign in.
    #[arg(long = "as", value_name = "LOGIN")]
    login: String,
    /// Under which of the person's memberships; left out: the one that a session begins with.
    #[arg(long, value_name = "ID")]
    membership: Option<String>,
    /// The values of its variables, a .json file.
    #[arg(long, value_name = "FILE")]
    variables: Option<PathBuf>,
    /// Which of its operations, where there are several.
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// In the demo's database, as `serve --demo` left it.
    #[arg(long)]
    demo: bool,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Prints an invitation to an organization, for its first admin or one who lost access.
    Invite {
        /// The organization's id or unified social credit code; left out: the platform.
        #[arg(long)]
        organization: Option<String>,
        /// The role, such as COUNTY_ADMIN.
        #[arg(long, default_value = "PLATFORM_ADMIN")]
        role: String,
    },
    /// Prints a token with which somebody who has forgotten the password chooses another, within a day.
    Reset {
        /// What the person types to sign in.
        login: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Makes the next key current and a new one next.
    Rotate,
}

#[derive(Debug, Subcommand)]
enum TrailCommand {
    /// Checks every chain and checkpoint, and names each row that was altered.
    Verify,
}

#[derive(Debug, Subcommand)]
enum DocumentsCommand {
    /// Registers a frontend's documents, all or none, so that clients can name them by their SHA-256.
    Register {
        /// A folder of .graphql files, or of .json maps from hash to text as Relay and GraphQL Code Generator write them.
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum RegionsCommand {
    /// Adds or replaces regions: columns code,name,level,valid_from,valid_to.
    Import {
        /// The CSV file, UTF-8.
        file: PathBuf,
    },
}

/// Does what the command line says, and gives the code to exit with.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("The program cannot start: {error}")),
    };
    match runtime.block_on(follow(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

async fn follow(cli: Cli) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if let Command::Schema = cli.command {
        print!("{}", schema::sdl());
        return Ok(ExitCode::SUCCESS);
    }
    let file = cli.config.as_deref().map(read).transpose()?;
    let settings = Settings::load(std::env::vars(), file.as_deref())?;
    let traces = start::log(&settings)?;
    let outcome = obey(cli.command, settings).await;
    traces.flush();
    outcome
}

async fn obey(command: Command, settings: Settings) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        Command::Schema => {}
        Command::Serve { demo } => serve(settings, demo).await?,
        Command::Migrate => drop(start::open(settings).await?),
        Command::Health => return Ok(health(&settings).await),
        Command::User(UserCommand::Invite { organization, role }) => {
            let app = start::open(settings).await?;
            println!("{}", identity::invite(&app, organization.as_deref(), &role).await?);
        }
        Command::User(UserCommand::Reset { login }) => {
            let app = start::open(settings).await?;
            println!("{}", identity::reset_password(&app, &login).await?);
        }
        Command::Keys(KeysCommand::Rotate) => {
            identity::keys::rotate(&start::open(settings).await?).await?;
            println!("The keys were rotated.");
        }
        Command::Trail(TrailCommand::Verify) => return verify(&start::open_any(settings).await?).await,
        Command::Documents(DocumentsCommand::Register { folder }) => {
            let app = start::open_any(settings).await?;
            let http::Count { all, new } = http::register(app.db(), &folder).await?;
            println!("{all} documents are registered, {new} of them new.");
        }
        Command::Regions(RegionsCommand::Import { file }) => {
            let app = start::open(settings).await?;
            let count = dictionaries::import(app.db(), &read(&file)?).await?;
            println!("{count} regions were imported.");
        }
        Command::Explain(asked) => print!("{}", explain(settings, &asked).await?),
    }
    Ok(ExitCode::SUCCESS)
}

/// How a query is read, by whom the command names.
async fn explain(settings: Settings, asked: &ExplainCommand) -> Result<String, Box<dyn std::error::Error>> {
    let text = read(&asked.file)?;
    let variables = asked.variables.as_deref().map(read).transpose()?;
    let app = if asked.demo { start::open_told(settings).await? } else { start::open_any(settings).await? };
    let actor = identity::reading_as(&app, &asked.login, asked.membership.as_deref()).await;
    let actor = &actor.map_err(|error| error.message(Locale::En).into_owned())?;
    let file = &asked.file.display().to_string();
    let (operation, variables) = (asked.operation.as_deref(), variables.as_deref());
    let explained = http::explain(&app, http::Question { file, text: &text, operation, variables, actor }).await;
    Ok(explained.map_err(|problems| problems.join("\n"))?)
}

/// The text of a file, or a sentence that names it.
fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read ({error})", file.display()))
}

async fn serve(settings: Settings, demo: bool) -> Result<(), Box<dyn std::error::Error>> {
    let app = if demo { start::open_demo(settings).await? } else { start::open(settings).await? };
    app.files().check().await.map_err(StartError::from)?;
    let listener = bind(app.settings().listen, "HEZUO_LISTEN").await?;
    let site = http::Site::new(app.clone(), schema::build(app.clone()))
        .documents(http::Registered::new(app.clone()))
        .and(documents::http::routes(app.clone()));
    let site = if demo { site.graphiql(&demo::graphiql(&app).await?) } else { site };
    greet(&app, demo).await?;
    let shutdown = shutdown()?;
    if let Some(address) = app.settings().metrics_listen.0 {
        let listener = bind(address, "HEZUO_METRICS_LISTEN").await?;
        tokio::spawn(http::serve(listener, http::metrics(), self::shutdown()?));
    }
    let (close, closing) = watch::channel(false);
    let working = tokio::spawn(workers::run(app.clone(), workers::jobs(), closing));
    http::serve(listener, site.router(), shutdown).await?;
    close.send_replace(true);
    working.await?;
    Ok(app.db().close().await?)
}

/// Listens at an address, or says which setting names another.
async fn bind(address: SocketAddr, setting: &str) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| format!("{address} cannot be listened on ({error}); choose another with {setting}"))
}

/// Says where the server is, and how to sign in.
async fn greet(app: &App, demo: bool) -> Result<(), StartError> {
    println!("Hezuo 合作 {} is at {}", env!("CARGO_PKG_VERSION"), app.settings().public_url);
    if demo {
        print!("{}", demo::personas_text());
    } else if let Some(token) = identity::bootstrap(app).await? {
        println!("The database is new. Accept this invitation to become the platform's first admin:\n  {token}");
    }
    Ok(())
}

async fn verify(app: &App) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let findings = trail::verify(app.db()).await?;
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("The trail is whole.");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Asks the server on this machine, as a container's health check does.
async fn health(settings: &Settings) -> ExitCode {
    match http::ask_readiness(settings.listen).await {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Ends with Ctrl-C, or the signal by which containers are stopped. Both are listened to from the call on.
fn shutdown() -> std::io::Result<impl Future<Output = ()> + use<>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
