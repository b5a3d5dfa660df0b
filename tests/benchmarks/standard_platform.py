"""The platform that benchmarks measure: as many microservices as you like, in three environments.

Half of the microservices have a Runtime; each has eight variables, two secrets, one file, one exposed host.
"""

import subprocess
from pathlib import Path
from textwrap import indent

ENVIRONMENTS = ("Dev", "Test", "Prod")
VARIABLES = {
    "LOG_LEVEL": "info",
    "REGION": "north-europe",
    "CACHE_SECONDS": "300",
    "FEATURES": "search,basket,reviews",
    "GREETING": "Welcome to the shop: have a look around",
    "UPSTREAM_TIMEOUT": "2500ms",
    "OTEL_SERVICE_NAME": "shop-service",
    "ALLOWED_ORIGINS": "https://shop.example.com",
}
SECRETS = ("API_KEY", "DB_PASSWORD")
FILE = """\
{
  "logging": { "level": { "default": "Information", "Microsoft": "Warning" }, "json": true },
  "features": { "search": { "enabled": true, "pageSize": 25 }, "reviews": { "enabled": false } },
  "retries": { "count": 3, "waitMilliseconds": [100, 400, 1600] },
  "contact": "the shop's own team; ask in the channel before you call anybody"
}
"""

# Sealing asks for a public key only; this one is from age's own documentation.
RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

HEAD = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme, id: 3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501 }
kubernetes: "1.34"
applications:
  - name: shop
    id: 7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02
    environments:
"""
ENVIRONMENT = """\
      - name: {name}
        recipients: {{ age: [{recipient}] }}
        tenants:
          - {{ id: 445f8ea8-1a6f-40d7-b2fc-{number:012x}, hosts: [{host}] }}
        storage: {{ backup: false }}
"""
MICROSERVICE = """\
      - name: {name}
        id: {number:07x}0-33cc-44dd-85ee-66ff77008811
        head:
          image: acme/{host}:1.4.0
          port: 8080
          probes: {{ readiness: {{ path: /healthz }}, liveness: {{ path: /healthz }} }}
          resources: {{ requests: {{ cpu: 50m, memory: 256Mi }}, limits: {{ memory: 1Gi }} }}
{runtime}        expose: {{ path: /api/{host} }}
        env:
{variables}
        files: [config/{host}.json]
"""


def names(size: int) -> list[str]:
    """Return the names of *size* microservices; those at odd places have a Runtime."""
    return [f"Service-{number:05}" for number in range(size)]


def has_runtime(number: int) -> bool:
    """Say whether the microservice at place *number* has a Runtime."""
    return number % 2 == 1


def document(size: int, environments: tuple[str, ...] = ENVIRONMENTS) -> str:
    """Return the platform document of *size* microservices."""
    variables = [f'{key}: "{value}"' for key, value in VARIABLES.items()]
    variables += [f"{key}: {{ secret: true }}" for key in SECRETS]
    parts = [HEAD]
    for number, name in enumerate(environments, 1):
        host = f"{name.lower()}.shop.example.com"
        parts.append(ENVIRONMENT.format(name=name, number=number, host=host, recipient=RECIPIENT))
    parts.append("    microservices:\n")
    for number, name in enumerate(names(size)):
        parts.append(
            MICROSERVICE.format(
                name=name,
                number=number,
                host=name.lower(),
                runtime="        runtime: { version: 9.3.3 }\n" if has_runtime(number) else "",
                variables=indent("\n".join(variables), " " * 10),
            )
        )
    return "".join(parts)


def seal(folder: Path) -> str:
    """Return a SOPS file with the secrets of one microservice; it needs *folder* for its configuration.

    One file serves every microservice: what SOPS authenticates knows nothing of the file's own name.
    """
    configuration = folder / "sealing.yaml"
    configuration.write_text(
        "creation_rules:\n"
        f"  - age: {RECIPIENT}\n"
        "    encrypted_regex: ^(data|stringData)$\n"
        "    mac_only_encrypted: true\n",
        encoding="utf-8",
    )
    plain = "stringData:\n" + "".join(f"  {key}: a value that nobody needs\n" for key in SECRETS)
    options = ("--filename-override", "secrets.yaml", "--input-type", "yaml", "--output-type", "yaml")
    command = ("sops", "--config", str(configuration), "encrypt", *options, "/dev/stdin")
    sealed = subprocess.run(command, input=plain, check=True, stdout=subprocess.PIPE, text=True).stdout
    configuration.unlink()
    return sealed


def write_platform(folder: Path, size: int, sealed: str, environments: tuple[str, ...] = ENVIRONMENTS) -> None:
    """Write into *folder* the document of *size* microservices, their files, and *sealed* for each."""
    (folder / "config").mkdir(parents=True)
    (folder / "platform.yaml").write_text(document(size, environments), encoding="utf-8")
    for name in names(size):
        (folder / "config" / f"{name.lower()}.json").write_text(FILE, encoding="utf-8")
    for environment in environments:
        secrets = folder / "secrets" / "shop" / environment.lower()
        secrets.mkdir(parents=True)
        for name in names(size):
            (secrets / f"{name.lower()}.yaml").write_text(sealed, encoding="utf-8")
