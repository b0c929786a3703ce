"""A single Kafka broker (KRaft), set to be quick in tests and to take any timestamp."""
import base64
import pathlib
import shutil
import signal
import socket
import struct
import uuid

from servers.kafka_jars import fetch

NAME = "kafka"
PORTS = ("broker", "controller", "secured")
STOP_SIGNAL = signal.SIGTERM
READY_TIMEOUT_S = 60

PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=BROKER://127.0.0.1:{broker},SECURED://127.0.0.1:{secured},\
  CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT
listener.name.secured.sasl.enabled.mechanisms=PLAIN
listener.name.secured.plain.sasl.jaas.config=\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs={log_dir}

auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1

# Tests write events of any year.
log.retention.ms=-1
log.message.timestamp.after.max.ms=9223372036854775807

num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
"""

# Of the listener that asks for credentials.
USER = "sluice"
PASSWORD = "only-for-tests"

META_PROPERTIES = """version=1
node.id=1
cluster.id={cluster_id}
directory.id={directory_id}
"""


def prepare(folder: pathlib.Path, ports: dict[str, int]) -> None:
    cache = fetch.ensure()
    log_dir = folder / "data"
    if not (log_dir / "meta.properties").exists():
        log_dir.mkdir(exist_ok=True)
        shutil.copy(cache / "bootstrap.checkpoint", log_dir / "bootstrap.checkpoint")
        (log_dir / "meta.properties").write_text(
            META_PROPERTIES.format(cluster_id=_random_id(), directory_id=_random_id()))
    (folder / "server.properties").write_text(
        PROPERTIES.format(log_dir=log_dir, user=USER, password=PASSWORD, **ports))


def class_archive() -> pathlib.Path:
    return fetch.ensure() / "classes.jsa"


def command(folder: pathlib.Path, ports: dict[str, int]) -> list[str]:
    log_settings = pathlib.Path(fetch.__file__).parent / "log4j2.properties"
    archive = class_archive()
    classes = [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"] if archive.exists() else []
    return ["java", "-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
            *classes, f"-Dlog4j2.configurationFile={log_settings}",
            "-cp", str(fetch.ensure() / "jars" / "*"),
            "kafka.Kafka", str(folder / "server.properties")]


def answers(folder: pathlib.Path, ports: dict[str, int]) -> bool:
    """True once the metadata names a broker, which is when topics can be created."""
    try:
        with socket.create_connection(("127.0.0.1", ports["broker"]), timeout=2) as connection:
            return _broker_count(connection) > 0
    except (OSError, struct.error):
        return False


def environment(folder: pathlib.Path, ports: dict[str, int]) -> dict[str, str]:
    listeners = {"KAFKA_BROKERS": "broker", "KAFKA_SECURED_BROKERS": "secured"}
    addresses = {name: f"127.0.0.1:{ports[port]}" for name, port in listeners.items()
                 if port in ports}
    return addresses | {"KAFKA_USER": USER, "KAFKA_PASSWORD": PASSWORD}


def _broker_count(connection: socket.socket) -> int:
    metadata_request, version, correlation, no_topics = 3, 1, 7, 0
    client = b"dev"
    header = struct.pack(">hhih", metadata_request, version, correlation, len(client))
    body = header + client + struct.pack(">i", no_topics)
    connection.sendall(struct.pack(">i", len(body)) + body)
    answer = connection.makefile("rb").read(12)
    return struct.unpack(">iii", answer)[2]


def _random_id() -> str:
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
