//! A server from its configuration to its end: database, ports, signals.

use crate::{
    App,
    config::{Command, Config, Database, Problem},
    listen,
    listen::Listener,
    log,
    management::{self, Health, Metrics},
    realm::{bootstrap, files},
    token,
};
use axum::middleware::from_fn;
use cloakroom_store::{PostgresOptions, Store, realms};
use std::{
    future::Future,
    io::Write,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinHandle};

/// Blocking threads beside those that wait for a hashing slot: requests at work in the database.
const THREADS: usize = 256;

/// Runs the server on a runtime of its own until it is told to stop (SIGTERM, SIGINT).
pub fn start(config: Config) -> Result<(), Problem> {
    // requests are worked on by blocking threads: half of the cores are enough to read and write what connections carry
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(cores.div_ceil(2))
        .max_blocking_threads(THREADS + App::hash_queue())
        .build()
        .map_err(|e| Problem::failed(format!("The server cannot start its threads: {e}.")))?;
    let outcome = runtime.block_on(run(config));
    // what still runs has had its time
    runtime.shutdown_background();
    outcome
}

/// Runs the server until it is told to stop.
pub async fn run(config: Config) -> Result<(), Problem> {
    let begun = Instant::now();
    // another crate may ask rustls for a provider without naming one; installing it twice is no failure
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    log::init(&config);
    let metrics = if config.management.metrics { Some(Metrics::install()?) } else { None };
    let (app, was_empty) = blocking(move || open(config)).await?;
    let outcome = serve(&app, was_empty, metrics, begun).await;
    // connections to PostgreSQL must not be closed on an async thread
    blocking(move || {
        drop(app);
        Ok(())
    })
    .await?;
    outcome.inspect(|()| tracing::info!("stopped"))
}

async fn serve(app: &Arc<App>, was_empty: bool, metrics: Option<Metrics>, begun: Instant) -> Result<(), Problem> {
    let config = &app.config;
    // before anything is written: when a port is taken, the next start still finds an empty database
    let host = config.listen_address(was_empty);
    let tls = config.https.as_ref().map(listen::tls).transpose()?;
    let mut listeners = Vec::new();
    if config.http.enabled {
        listeners.push(Listener::bind(SocketAddr::new(host, config.http.port), None).await?);
    }
    if let (Some(https), Some(tls)) = (&config.https, &tls) {
        listeners.push(Listener::bind(SocketAddr::new(host, https.port), Some(tls.clone())).await?);
    }
    let health = Health::new({
        let store = app.store.clone();
        move || store.ping().is_ok()
    });
    let management = match management_address(config, host) {
        Some(address) => Some(Listener::bind(address, tls.filter(|_| config.management.tls)).await?),
        None => None,
    };
    blocking({
        let app = app.clone();
        move || prepare(&app)
    })
    .await?;
    // who reads the announcement may stop the server at once
    let mut signals = Signals::listen()?;
    announce(config, &listeners, management.as_ref(), was_empty, begun.elapsed());

    let sweeping = tokio::spawn(sweep(app.clone()));
    let mut router = crate::routes().into_router(app.clone());
    if metrics.is_some() {
        router = router.layer(from_fn(management::record));
    }
    let (stop, stopped) = watch::channel(());
    let drain = config.shutdown.timeout;
    let serving: Vec<_> =
        listeners.into_iter().map(|l| tokio::spawn(l.serve(router.clone(), closed(&stopped), drain))).collect();
    drop(router);
    let (stop_management, management_stopped) = watch::channel(());
    let watching = management.map(|listener| {
        let router = management::router(&config.management, health.clone(), metrics);
        tokio::spawn(listener.serve(router, closed(&management_stopped), Duration::from_secs(1)))
    });

    signals.next().await?;
    tracing::info!("stopping");
    health.stop();
    tokio::select! {
        () = tokio::time::sleep(config.shutdown.delay) => {}
        again = signals.next() => again?,
    }
    drop(stop);
    tokio::select! {
        () = ended(serving) => {}
        again = signals.next() => again?,
    }
    drop(stop_management);
    ended(watching).await;
    sweeping.abort();
    Ok(())
}

/// How often what is over is deleted.
const SWEEP: Duration = Duration::from_secs(60);

async fn sweep(app: Arc<App>) {
    let mut rhythm = tokio::time::interval(SWEEP);
    rhythm.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        rhythm.tick().await;
        let app = app.clone();
        let swept = tokio::task::spawn_blocking(move || token::sweep::sweep(&app.store, app.clock.now())).await;
        if let Ok(Err(error)) = swept {
            tracing::warn!(?error, "what is over could not be deleted");
        }
    }
}

/// Opens the database and says whether it is empty.
fn open(config: Config) -> Result<(Arc<App>, bool), Problem> {
    let store = store(&config).map_err(|e| Problem::failed(format!("The database cannot be opened: {e}.")))?;
    let is_empty = store.work().read().and_then(realms::is_empty);
    let is_empty = is_empty.map_err(|e| Problem::failed(format!("The database cannot be read: {e}.")))?;
    Ok((Arc::new(App::new(store, config)), is_empty))
}

/// Makes the `master` realm in an empty database, and imports realms if that is asked.
fn prepare(app: &App) -> Result<(), Problem> {
    bootstrap::run(app).map_err(|e| Problem::failed(format!("The database cannot be prepared: {e}.")))?;
    if app.config.import_realm {
        files::import(app, &app.config.data_dir.join("import"))?;
    }
    Ok(())
}

fn store(config: &Config) -> Result<Store, Box<dyn std::error::Error>> {
    Ok(match &config.database {
        Database::Memory => Store::memory()?,
        Database::File(path) => {
            path.parent().map(private_folder).transpose()?;
            Store::file(path)?
        }
        Database::Postgres(postgres) => Store::postgres(&PostgresOptions {
            url: postgres.url.clone(),
            username: postgres.username.clone(),
            password: postgres.password.as_ref().map(|p| p.expose().to_owned()),
            schema: Some(postgres.schema.clone()),
            connections: usize::try_from(postgres.pool_max_size)?,
        })?,
    })
}

/// A folder that others on the machine cannot look into, if it is not there already.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Where health and metrics are served, if anything is.
fn management_address(config: &Config, host: IpAddr) -> Option<SocketAddr> {
    let management = &config.management;
    (management.health || management.metrics).then(|| SocketAddr::new(management.host.unwrap_or(host), management.port))
}

/// Says where the server is and, in development, a first thing to try.
fn announce(config: &Config, listeners: &[Listener], management: Option<&Listener>, was_empty: bool, took: Duration) {
    let url = |listener: &Listener| format!("{}{}", listener.url(), config.relative_path);
    let urls: Vec<_> = listeners.iter().map(url).collect();
    let management = management.map(|m| format!(", management on {}{}", m.url(), config.management.relative_path));
    let management = management.unwrap_or_default();
    tracing::info!("started in {:.3} s, listening on {}{management}", took.as_secs_f64(), urls.join(" and "));
    if config.command != Command::StartDev {
        return;
    }
    let default_admin = config.makes_default_admin(was_empty);
    if default_admin {
        tracing::warn!(
            "the database was empty: made the administrator 'admin' with the password 'admin', and listening on this machine \
             alone. Set KC_BOOTSTRAP_ADMIN_USERNAME and KC_BOOTSTRAP_ADMIN_PASSWORD to choose others"
        );
    } else if config.http.host.is_none() && config.listen_address(was_empty).is_loopback() {
        tracing::info!("only this machine can reach the server: --http-host=0.0.0.0 opens it to others");
    }
    let (Some(url), false) = (urls.first(), config.log.json) else { return };
    let user = config.bootstrap.user.as_ref().map_or("admin", |(name, _)| name);
    let password = if default_admin { "admin" } else { "…" };
    let text = format!(
        "\nThis is a server for development. A first thing to try, a token for the administrator:\n\n  \
         curl -d grant_type=password -d client_id=admin-cli -d username={user} -d password={password} \\\n    \
         {url}/realms/master/protocol/openid-connect/token\n\n"
    );
    // nobody reads along when this fails
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Resolves when the other end is dropped.
fn closed(stopped: &watch::Receiver<()>) -> impl Future<Output = ()> + use<> {
    let mut stopped = stopped.clone();
    async move { while stopped.changed().await.is_ok() {} }
}

async fn ended(tasks: impl IntoIterator<Item = JoinHandle<()>>) {
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!(%error, "a listener ended badly");
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::failed(format!("The server broke off: {e}.")))?
}

/// SIGTERM and SIGINT; elsewhere than on Unix, Ctrl-C.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on signals no longer end the process: they are kept until they are asked for.
    #[cfg(unix)]
    fn listen() -> Result<Self, Problem> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(untellable);
        Ok(Signals { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    #[cfg(not(unix))]
    fn listen() -> Result<Self, Problem> {
        Ok(Signals {})
    }

    /// Resolves at the next signal.
    #[cfg(unix)]
    async fn next(&mut self) -> Result<(), Problem> {
        tokio::select! {
            _ = self.terminate.recv() => Ok(()),
            _ = self.interrupt.recv() => Ok(()),
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Result<(), Problem> {
        tokio::signal::ctrl_c().await.map_err(untellable)
    }
}

fn untellable(error: std::io::Error) -> Problem {
    Problem::failed(format!("The server cannot be told to stop: {error}."))
}
