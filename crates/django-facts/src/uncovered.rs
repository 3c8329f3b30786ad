//! Services that a project uses and the template has nothing for: each is told.

use super::finding::at;
use super::services::Services;

/// A service: its name, the packages that are its clients, what texts of the settings begin with or contain, its images.
struct Uncovered(
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const KNOWN: [Uncovered; 17] = [
    Uncovered(
        "MongoDB",
        &[
            "pymongo",
            "mongoengine",
            "djongo",
            "django-mongodb-backend",
            "django-mongodb-engine",
            "motor",
            "pymodm",
            "django-mongoengine",
        ],
        &["mongodb://", "mongodb+srv://", "django_mongodb"],
        &["mongo"],
    ),
    Uncovered(
        "Kafka",
        &[
            "kafka-python",
            "confluent-kafka",
            "aiokafka",
            "faust",
            "faust-streaming",
            "pykafka",
            "kafka-python-ng",
            "django-kafka",
        ],
        &["kafka://"],
        &["kafka", "cp-kafka", "redpanda"],
    ),
    Uncovered(
        "Solr",
        &["pysolr", "solrpy", "scorched", "sunburnt"],
        &["solr_backend"],
        &["solr"],
    ),
    Uncovered(
        "OpenSearch",
        &["opensearch-py", "opensearch-dsl", "django-opensearch-dsl"],
        &["backends.opensearch"],
        &["opensearch"],
    ),
    Uncovered(
        "Meilisearch",
        &["meilisearch", "django-meilisearch"],
        &[],
        &["meilisearch"],
    ),
    Uncovered("Typesense", &["typesense"], &[], &["typesense"]),
    Uncovered(
        "Sphinx Search",
        &["django-sphinx", "sphinxit", "django-sphinxql"],
        &[],
        &["sphinxsearch", "manticore"],
    ),
    Uncovered(
        "Cassandra",
        &[
            "cassandra-driver",
            "django-cassandra-engine",
            "scylla-driver",
        ],
        &["django_cassandra_engine"],
        &["cassandra", "scylla"],
    ),
    Uncovered(
        "CouchDB",
        &["couchdb", "couchdbkit", "cloudant"],
        &["couchdb://"],
        &["couchdb"],
    ),
    Uncovered(
        "Neo4j",
        &[
            "neo4j",
            "neomodel",
            "django-neomodel",
            "py2neo",
            "neo4j-driver",
        ],
        &["neo4j://", "bolt://"],
        &["neo4j"],
    ),
    Uncovered(
        "InfluxDB",
        &["influxdb", "influxdb-client"],
        &[],
        &["influxdb"],
    ),
    Uncovered(
        "ClickHouse",
        &[
            "clickhouse-driver",
            "clickhouse-connect",
            "django-clickhouse",
            "django-clickhouse-backend",
        ],
        &["clickhouse://", "clickhouse_backend"],
        &["clickhouse"],
    ),
    Uncovered(
        "Microsoft SQL Server",
        &[
            "mssql-django",
            "django-mssql-backend",
            "django-pyodbc-azure",
            "django-pyodbc",
            "django-mssql",
            "django-sqlserver",
            "pymssql",
        ],
        &["sql_server", "mssql://", "mssql:"],
        &["mssql", "azure-sql-edge"],
    ),
    Uncovered(
        "Db2",
        &["ibm-db-django", "ibm-db"],
        &["ibm_db_django"],
        &["db2"],
    ),
    Uncovered(
        "NATS",
        &["nats-py", "asyncio-nats-client"],
        &["nats://"],
        &["nats"],
    ),
    Uncovered(
        "beanstalkd",
        &[
            "beanstalkc",
            "beanstalkc3",
            "pystalk",
            "greenstalk",
            "django-beanstalkd",
        ],
        &["beanstalk://"],
        &["beanstalkd"],
    ),
    Uncovered(
        "ZooKeeper",
        &["kazoo"],
        &["zookeeper://", "zk://"],
        &["zookeeper", "cp-zookeeper"],
    ),
];

/// The services that are used, each with the first place that tells of it.
#[must_use]
pub(super) fn find(services: &Services) -> Vec<(&'static str, String)> {
    let told = |Uncovered(name, packages, texts, images): &Uncovered| {
        let wanted = services.packaging.of(packages);
        let package = wanted
            .iter()
            .find(|wanted| !wanted.is_dev && !wanted.is_locked)
            .map(|wanted| at(&wanted.file, wanted.line));
        let is_it = |text: &str| {
            texts.iter().any(|known| {
                text.starts_with(known) || !known.contains(':') && text.contains(known)
            })
        };
        let place = package
            .or_else(|| services.in_settings(&is_it))
            .or_else(|| services.of_environment(&is_it).into_iter().next())
            .or_else(|| {
                // Images that lie deeper belong to parts of their own.
                let mut places = services.images(&|name| images.contains(&name)).into_iter();
                places.find(|place| place.matches('/').count() <= 1)
            })?;
        Some((*name, place))
    };
    KNOWN.iter().filter_map(told).collect()
}
