"""How Airflow is set up: its whole configuration as environment variables, its metadata database, its users.

The same names stand in docker-compose.yml; a test compares them.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import encrypt_password
from sqlalchemy.engine import URL

from yos_warehouse.errors import YosError
from yos_warehouse.server.connect import transaction
from yos_warehouse.server.embedded import ensure_server
from yos_warehouse.settings import PROJECT_DIR, secret, var_dir

USER = "engineer"
DATABASE = "airflow"

# What runs, by the words after ``python -m``. Log files are read from the shared folder, so nobody serves them.
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("airflow", "api-server"),
    "scheduler": ("yos_warehouse.orchestration.scheduler",),
    "dag-processor": ("airflow", "dag-processor"),
    "triggerer": ("airflow", "triggerer", "--skip-serve-logs"),
}

# Settings that hold wherever Airflow runs. Reasons beside those that are not obvious.
SETTINGS: Mapping[str, str] = {
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "4",  # 32 forked workers otherwise
    "AIRFLOW__CORE__MP_START_METHOD": "fork",  # Python 3.14 would import Airflow anew in each worker
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
    "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # the default asks the name server
    "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE": "5",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
    "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
    "AIRFLOW__API__EXPOSE_CONFIG": "False",
    "AIRFLOW__API__ENABLE_SWAGGER_UI": "False",  # its page loads scripts from elsewhere
    "AIRFLOW__API__INSTANCE_NAME": "YOS Warehouse",
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__SCHEDULER__CATCHUP_BY_DEFAULT": "False",
    # A worker that died is noticed after this long (300 s by default, traps.md 1.2).
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "90",
    # How long a task's end may go unnoticed (5 s by default), and how many silent answers end a healthy task.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__WORKERS__MAX_FAILED_HEARTBEATS": "60",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",  # a night is a chain: pauses between tasks add up
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
    # A DAG that differs from parse to parse would grow a version each time: refuse it.
    "AIRFLOW__DAG_PROCESSOR__DAG_VERSION_INFLATION_CHECK_LEVEL": "error",
    "AIRFLOW__SENTRY__SENTRY_ON": "false",
    "AIRFLOW__METRICS__STATSD_ON": "False",
    "AIRFLOW__METRICS__OTEL_ON": "False",
    "AIRFLOW__TRACES__OTEL_ON": "False",
    # Nothing of a run leaves the machine: no usage statistics of any of the tools.
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "False",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "False",
    "SCARF_ANALYTICS": "false",
}


def home() -> Path:
    """Airflow's own directory (0700): its passwords file, its logs."""
    return _private(var_dir() / "airflow")


def log_dir() -> Path:
    """Logs of components and tasks (0700)."""
    return _private(home() / "logs")


def _private(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)  # whatever made it first
    return path


def environment(port: int, smtp_connection: str, *, schedule: bool) -> dict[str, str]:
    """The environment in which every component and task runs.

    Args:
        port: where the API server listens on 127.0.0.1.
        smtp_connection: Airflow connection (JSON or URL) of the mail server.
        schedule: whether the clock starts runs; ``make run`` starts its own.
    """
    server = ensure_server()
    password = secret("airflow_database")
    metadata = URL.create(
        "postgresql+psycopg2", DATABASE, password, server.host, server.port, DATABASE, dict(server.query)
    )
    base_url = f"http://127.0.0.1:{port}"
    return {
        **os.environ,
        **SETTINGS,
        "YOS_VAR_DIR": str(var_dir().resolve()),
        "AIRFLOW_HOME": str(home().resolve()),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_DIR / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_DIR / "plugins"),
        "AIRFLOW__CORE__FERNET_KEY": fernet_key(),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file()),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base_url}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata.render_as_string(hide_password=False),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(log_dir().resolve()),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(
            log_dir().resolve() / "dag_parsing"
        ),
        "AIRFLOW__API__BASE_URL": base_url,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": secret("airflow_session"),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret("airflow_tokens"),
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(schedule),
        "AIRFLOW_CONN_SMTP_DEFAULT": smtp_connection,
    }


def smtp_connection(port: int | None) -> str:
    """Airflow's connection to the mail server.

    ``AIRFLOW_CONN_SMTP_DEFAULT`` wins as it is; else ``YOS_SMTP_HOST`` and ``YOS_SMTP_PORT`` (STARTTLS, as
    real mail servers demand); else our own catcher on this machine.

    Args:
        port: port of the mail catcher, None where there is none.
    """
    if given := os.environ.get("AIRFLOW_CONN_SMTP_DEFAULT"):
        return given
    host = os.environ.get("YOS_SMTP_HOST")
    is_ours = host is None
    return json.dumps(
        {
            "conn_type": "smtp",
            "host": host or "127.0.0.1",
            "port": port if is_ours else int(os.environ.get("YOS_SMTP_PORT", "587")),
            "extra": {
                "from_email": os.environ.get("YOS_MAIL_FROM", "yos-warehouse@oakshire.example.org"),
                "timeout": 10,  # a mail server that hangs
                "retry_limit": 0,  # the outbox tries again, with growing pauses
                "disable_ssl": True,
                "disable_tls": is_ours,
            },
        }
    )


def has_own_mail_server() -> bool:
    """Whether mails go to a server of the user's instead of our catcher."""
    return bool(os.environ.get("AIRFLOW_CONN_SMTP_DEFAULT") or os.environ.get("YOS_SMTP_HOST"))


def passwords_file() -> Path:
    """The file (0600) from which the simple auth manager reads; made from the generated secret."""
    path = (home() / "passwords.json").resolve()
    wanted = json.dumps({USER: secret("airflow_engineer")}) + "\n"
    if not path.exists() or path.read_text("ascii") != wanted:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(wanted)
    return path


def fernet_key() -> str:
    """Airflow wants 32 bytes in URL-safe base64 with padding: our secrets are just those without padding."""
    key = secret("airflow_fernet")
    padded = key + "=" * (-len(key) % 4)
    if len(base64.urlsafe_b64decode(padded)) != 32:
        raise YosError(
            "FERNET_KEY", "the Fernet key is not 32 bytes in base64", "correct YOS_SECRET_AIRFLOW_FERNET"
        )
    return padded


def create_metadata_database() -> None:
    """Airflow's role and database, apart from the warehouse: neither may connect to the other's."""
    server = ensure_server()
    with transaction("admin", database=server.admin_database) as admin, admin.cursor() as cursor:
        cursor.execute("select from pg_roles where rolname = %s", (DATABASE,))
        if cursor.rowcount == 0:
            cursor.execute(sql.SQL("create role {} login").format(sql.Identifier(DATABASE)))
        # The verifier is computed here, so that no statement carries the password.
        verifier = encrypt_password(
            secret("airflow_database"), DATABASE, scope=admin, algorithm="scram-sha-256"
        )
        cursor.execute(
            sql.SQL("alter role {} password {}").format(sql.Identifier(DATABASE), sql.Literal(verifier))
        )
    from yos_warehouse.server.connect import connect

    admin = connect("admin", database=server.admin_database, autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute("select from pg_database where datname = %s", (DATABASE,))
            if cursor.rowcount == 0:
                name = sql.Identifier(DATABASE)
                cursor.execute(
                    sql.SQL("grant {} to current_user").format(name)
                )  # a managed server asks for it
                cursor.execute(sql.SQL("create database {} owner {} template template0").format(name, name))
                cursor.execute(sql.SQL("revoke all on database {} from public").format(name))
    finally:
        admin.close()


class MetadataMigration:
    """``airflow db migrate``, in the background while something else is done; nothing when up to date.

    It takes many seconds to find out that it has nothing to do; a stamp file and one query know it faster.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        create_metadata_database()
        self._url = environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
        self._log = log_dir() / "db-migrate.log"
        self._process: subprocess.Popen[bytes] | None = None
        if self._revision() is None or self._stamp() != {
            "airflow": version("apache-airflow"),
            "at": self._revision(),
        }:
            self._log.touch(mode=0o600)
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "airflow", "db", "migrate"],
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )

    def wait(self) -> None:
        """Return when the database fits this Airflow.

        Raises:
            YosError: AIRFLOW_MIGRATION; names the log.
        """
        if self._process is None:
            return
        if self._process.wait(timeout=600):
            raise YosError("AIRFLOW_MIGRATION", "Airflow could not set up its database", f"see {self._log}")
        stamp = {"airflow": version("apache-airflow"), "at": self._revision()}
        (home() / "migrated.json").write_text(json.dumps(stamp))

    def _stamp(self) -> object:
        try:
            return json.loads((home() / "migrated.json").read_text("ascii"))
        except (OSError, ValueError):
            return None

    def _revision(self) -> str | None:
        connection = psycopg2.connect(self._url, connect_timeout=10)
        try:
            with connection.cursor() as cursor:
                cursor.execute("select to_regclass('public.alembic_version')::text")
                if cursor.fetchone() == (None,):
                    return None
                cursor.execute("select string_agg(version_num, ',') from alembic_version")
                row = cursor.fetchone()
                return row[0] if row else None
        finally:
            connection.close()
