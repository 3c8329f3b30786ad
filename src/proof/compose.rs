//! Makes the compose file of a proof from the project's own, as compose understands it. The site runs as in production, and
//! only the load balancer can reach other networks.

use std::path::Path;

use serde_json::{Map, Value, json};

/// The names of the service of the site, of the one that runs single commands, and of the load balancer.
pub(super) const SITE: &str = "django";
pub(super) const SHELL: &str = "bash";
pub(super) const BALANCER: &str = "haproxy";
pub(super) const WORKER: &str = "celery";

/// Services that stay as developers run them, with the packages of the tests and the project's files.
const OF_DEVELOPERS: [&str; 2] = [SHELL, "prepare"];

/// What the compose file of a proof depends on.
pub(super) struct Site<'a> {
    /// The name of the compose project. Its images, its volumes and the folder of its copies are named after it, too.
    pub(super) name: &'a str,
    pub(super) port: u16,
}

/// The services that the site needs, and those in their turn, but for the project's own and the load balancer.
pub(super) fn others(config: &Value) -> Vec<String> {
    let own = image(config, SITE);
    let is_own = |name: &str| name == BALANCER || image(config, name) == own;
    let services = config["services"].as_object();
    let mut needed: Vec<&str> = services
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .filter(|name| is_own(name))
        .collect();
    let mut at = 0;
    while let Some(name) = needed.get(at) {
        let depends = config["services"][*name]["depends_on"].as_object();
        for (other, _) in depends.into_iter().flatten() {
            if !needed.contains(&other.as_str()) {
                needed.push(other);
            }
        }
        at += 1;
    }
    let others = needed.into_iter().filter(|name| !is_own(name));
    let mut others: Vec<String> = others.map(str::to_owned).collect();
    others.sort_unstable();
    others
}

/// Whether there is a service of this name.
pub(super) fn has(config: &Value, name: &str) -> bool {
    config["services"].get(name).is_some()
}

fn image<'v>(config: &'v Value, name: &str) -> &'v str {
    config["services"][name]["image"]
        .as_str()
        .unwrap_or_default()
}

/// Makes the compose file of a proof from what `docker compose config` says. It is `None` where no service is the site.
pub(super) fn fitted(mut config: Value, site: &Site) -> Option<Value> {
    let own = image(&config, SITE).to_owned();
    if own.is_empty() {
        return None;
    }
    for (name, service) in config["services"].as_object_mut()? {
        let service = service.as_object_mut()?;
        for key in ["container_name", "restart", "profiles", "network_mode"] {
            service.remove(key);
        }
        keep_folders(service, site.name);
        keep_ports(service, name == BALANCER, site.port);
        let networks = if name == BALANCER {
            json!({"default": null, "front": null})
        } else {
            json!({"default": null})
        };
        service.insert("networks".into(), networks);
        if service.get("image").and_then(Value::as_str) == Some(&own) {
            if OF_DEVELOPERS.contains(&name.as_str()) {
                service.insert("image".into(), format!("{}:dev", site.name).into());
            } else {
                into_production(service, name, site.name);
            }
        }
    }
    // A volume may have a name of its own, come from elsewhere or have a folder of the machine behind it. Then it may be the
    // one that the person works with, and a proof that used it would take it away afterwards.
    let volumes = config.get_mut("volumes").and_then(Value::as_object_mut);
    for (name, volume) in volumes.into_iter().flatten() {
        *volume = json!({"name": format!("{}_{name}", site.name)});
    }
    let default = json!({"name": format!("{}_default", site.name), "internal": true});
    config["networks"] =
        json!({"default": default, "front": {"name": format!("{}_front", site.name)}});
    config["name"] = site.name.into();
    Some(config)
}

/// Sets variables of the services that run the site, where compose sets none.
pub(super) fn set(config: &mut Value, variables: &[(String, String)], site: &Site) {
    let image = format!("{}:site", site.name);
    let services = config["services"].as_object_mut().into_iter().flatten();
    for (_, service) in services.filter(|(_, service)| service["image"] == image.as_str()) {
        for (name, value) in variables {
            // Compose takes `$` for the start of a variable.
            let value = value.replace('$', "$$");
            let has_one = service["environment"].get(name).is_some();
            if !has_one {
                service["environment"][name] = value.into();
            }
        }
    }
}

/// The image that is deployed, with nothing of the machine in it.
fn into_production(service: &mut Map<String, Value>, name: &str, project: &str) {
    service.insert("image".into(), format!("{project}:site").into());
    if let Some(build) = service.get_mut("build") {
        build["target"] = "app".into();
    }
    if let Some(volumes) = service.get_mut("volumes").and_then(Value::as_array_mut) {
        volumes.retain(|volume| {
            let target = volume["target"].as_str().unwrap_or_default();
            volume["type"] == "volume"
                && !target.ends_with("/venv")
                && !target.ends_with("node_modules")
        });
    }
    set_variable(service, "DOTENV", "production");
    if name == SITE {
        service.insert("command".into(), json!(["gunicorn.sh"]));
    }
}

/// Lets only the load balancer be reached from outside, and only on one port.
fn keep_ports(service: &mut Map<String, Value>, is_balancer: bool, port: u16) {
    service.remove("ports");
    if is_balancer {
        let published = format!("127.0.0.1:{port}:8000");
        service.insert("ports".into(), json!([published]));
        // The proof speaks like a load balancer in front of this one, which ends TLS.
        set_variable(service, "FRONT_BALANCER", "0.0.0.0/0");
    }
}

fn set_variable(service: &mut Map<String, Value>, name: &str, value: &str) {
    if !service.get("environment").is_some_and(Value::is_object) {
        service.insert("environment".into(), json!({}));
    }
    service["environment"][name] = value.into();
}

/// Keeps the mounts of folders and files that are in the copy. Others of this machine are not mounted.
fn keep_folders(service: &mut Map<String, Value>, copy: &str) {
    if let Some(volumes) = service.get_mut("volumes").and_then(Value::as_array_mut) {
        volumes.retain(|volume| {
            let source = Path::new(volume["source"].as_str().unwrap_or_default());
            volume["type"] != "bind" || source.iter().any(|part| part == copy)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_runs_in_production_and_only_the_balancer_is_reached() {
        let django = json!({"image": "shop:dev", "build": {"context": "/p", "target": "dev"}, "command": ["runserver.sh"],
            "environment": {"PGHOST": "postgres"}, "depends_on": {"postgres": {"condition": "service_healthy"}}, "volumes": [
                {"type": "bind", "source": "/proof/after", "target": "/app"},
                {"type": "volume", "source": "venv", "target": "/opt/venv"},
                {"type": "volume", "source": "var", "target": "/opt/var"}]});
        let config = json!({"name": "shop", "services": {
            "django": django, "celery": django, "bash": django,
            "haproxy": {"image": "haproxy", "ports": [{"published": "8000", "target": 8000}]},
            "postgres": {"image": "postgres", "ports": [{"target": 5432}], "container_name": "theirs", "depends_on": {"disk": {}}},
            "disk": {"image": "disk"}, "graphs": {"image": "grafana", "depends_on": {"haproxy": {}}}}});
        assert_eq!(others(&config), ["disk", "postgres"]);
        let site = Site {
            name: "proof",
            port: 4321,
        };
        let mut made = fitted(config, &site).unwrap();
        set(
            &mut made,
            &[("A".into(), "$x".into()), ("PGHOST".into(), "other".into())],
            &site,
        );
        let services = &made["services"];
        assert_eq!(services["django"]["image"], "proof:site");
        assert_eq!(services["django"]["build"]["target"], "app");
        assert_eq!(services["django"]["volumes"].as_array().unwrap().len(), 1);
        assert_eq!(
            services["django"]["environment"],
            json!({"PGHOST": "postgres", "DOTENV": "production", "A": "$$x"})
        );
        assert_eq!(services["celery"]["command"], json!(["runserver.sh"]));
        assert_eq!(services["bash"]["image"], "proof:dev");
        assert_eq!(services["bash"]["volumes"].as_array().unwrap().len(), 3);
        assert_eq!(services["haproxy"]["ports"], json!(["127.0.0.1:4321:8000"]));
        assert!(
            services["postgres"].get("ports").is_none()
                && services["postgres"].get("container_name").is_none()
        );
        assert_eq!(made["networks"]["default"]["internal"], true);
        assert!(fitted(json!({"services": {}}), &site).is_none());
    }
    #[test]
    fn nothing_that_somebody_works_with_is_reached() {
        let site = Site {
            name: "proof",
            port: 4321,
        };
        let volumes = json!([{"type": "volume", "source": "data", "target": "/data"},
            {"type": "bind", "source": "/srv/postgres", "target": "/var/lib/postgresql"},
            {"type": "bind", "source": "/cache/proof/after/etc", "target": "/etc/own"}, {"type": "tmpfs", "target": "/tmp"}]);
        let config = json!({
            "services": {"django": {"image": "shop:dev"},
                "postgres": {"image": "postgres", "network_mode": "host", "volumes": volumes}},
            "volumes": {"data": {"name": "shop_data"}, "old": {"name": "old", "external": true}, "own": null,
                "disk": {"name": "proof_disk", "driver_opts": {"device": "/srv", "o": "bind", "type": "none"}}}});
        let made = fitted(config, &site).unwrap();
        assert_eq!(
            made["volumes"],
            json!({"data": {"name": "proof_data"}, "old": {"name": "proof_old"}, "own": {"name": "proof_own"},
                "disk": {"name": "proof_disk"}})
        );
        let postgres = &made["services"]["postgres"];
        let targets = postgres["volumes"].as_array().unwrap().iter();
        let targets: Vec<&str> = targets
            .map(|volume| volume["target"].as_str().unwrap())
            .collect();
        assert_eq!(targets, ["/data", "/etc/own", "/tmp"]);
        assert!(postgres.get("network_mode").is_none());
    }
}
