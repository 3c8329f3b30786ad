//! Addresses in code beside the settings: Celery modules, and what makes clients of servers.

use django_facts::{Engine, Findings};

use crate::addresses::{read, written};
use crate::project::Project;

#[test]
fn celery_modules_are_read_too() {
    let files = [
        ("requirements.txt", "Django==4.2\ncelery\n"),
        (
            "shop/celery_conf.py",
            "import os\nfrom celery import Celery\napp = Celery('shop')\napp.conf.broker_url = 'amqp://'\n\
             app.conf.result_backend = 'redis://localhost:6379/2'\n",
        ),
        (
            "jobs/mail.py",
            "from celery import Celery\napp = Celery('jobs', broker='redis://10.0.0.9:6379/8', backend='rpc://')\n",
        ),
        (
            "jobs/more.py",
            "import os\nfrom celery import Celery\napp = Celery('more', broker=os.environ['MORE_BROKER'])\napp.conf.update(result_backend='redis://:geheim@localhost')\n",
        ),
    ];
    assert_eq!(
        written("", &files),
        "redis://10.0.0.9:6379/8: broker url redis jobs/mail.py:2 → CELERY_BROKER_URL\n\
         redis://…@localhost: results url redis jobs/more.py:4 → CELERY_RESULT_BACKEND\n\
         amqp://: broker url rabbitmq shop/celery_conf.py:4 → BROKER_CELERY_BROKER_URL\n\
         redis://localhost:6379/2: results url redis shop/celery_conf.py:5 → RESULTS_CELERY_RESULT_BACKEND\n"
    );
    assert_eq!(
        read("", &files),
        "MORE_BROKER: broker url ? ! jobs/more.py:3\n"
    );
}

#[test]
fn clients_that_code_makes() {
    let files = [
        (
            "shop/live.py",
            "import redis, os\nONE = redis.Redis(host='localhost', port=6379, password='geheim')\n\
             def two():\n    return redis.StrictRedis('127.0.0.1')\nTHREE = redis.from_url(os.environ['LIVE_URL'])\n\
             FOUR = Elasticsearch('localhost:9200')\nBUCKET = os.environ['SCRIPTS_BUCKET']\nX = Something.from_url('x')\n",
        ),
        (
            "shop/test_live.py",
            "import redis\nredis.Redis(host='tests')\n",
        ),
        (
            "shop/settings_other.py",
            "import os\nX = os.environ['REDIS_URL']\n",
        ),
    ];
    assert_eq!(
        written("", &files),
        "localhost: store host redis shop/live.py:2 → REDIS_HOST\n\
         127.0.0.1: store host redis shop/live.py:4 → STORE_REDIS_HOST\n\
         localhost:9200: search address elasticsearch shop/live.py:6 → ELASTICSEARCH_ADDRESS\n"
    );
    assert_eq!(
        read("", &files),
        "LIVE_URL: store url redis ! shop/live.py:5\n"
    );
}

#[test]
fn celery_is_found_by_its_application_alone() {
    let files = [(
        "jobs/mail.py",
        "from celery import Celery\napp = Celery('jobs', broker='redis://10.0.0.9:6379/8')\n",
    )];
    let project = Project::new(&files);
    let found = Findings::of(&project.sources());
    assert!(found.celery.is_true() && found.redis.is_true());
    assert_eq!(found.celery.evidence, ["jobs/mail.py"]);
    assert_eq!(found.details.celery_app.as_deref(), Some("jobs.mail"));
}

#[test]
fn an_example_tells_the_database_to_propose() {
    for (example, engine) in [
        ("DATABASE_URL=mysql://u:p@db/x\n", Some(Engine::Mysql)),
        ("DATABASE_URL=postgis://u:p@db/x\n", Some(Engine::Postgis)),
        ("DATABASE_URL=\n", None),
    ] {
        let settings = "import environ\nenv = environ.Env()\nINSTALLED_APPS = []\nDATABASES = {'default': env.db()}\n";
        let project = Project::new(&[("shop/settings.py", settings), (".env.example", example)]);
        assert_eq!(
            Findings::of(&project.sources()).details.likely_database,
            engine,
            "{example}"
        );
    }
}
