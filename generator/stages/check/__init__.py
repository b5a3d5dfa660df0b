"""What no schema can say of a platform: names that meet, ports that clash, shared hosts, secrets in the open."""

from generator.model.diagnostics import Diagnostic
from generator.model.findings import Findings
from generator.model.outline import Silhouette
from generator.model.platform import Platform
from generator.model.source import Document
from generator.stages.check.exposure import check_exposure
from generator.stages.check.heads import check_heads
from generator.stages.check.images import check_reference
from generator.stages.check.leaks import check_leaks, check_manifests, check_texts
from generator.stages.check.names import check_names
from generator.stages.check.recipients import check_recipients
from generator.stages.check.runtimes import check_runtimes
from generator.stages.check.variables import check_variables
from generator.stages.check.vaults import check_vaults


def check(platform: Platform, document: Document) -> tuple[list[Diagnostic], dict[str, list[Diagnostic]]]:
    """Return the warnings about a resolved platform, and those that one microservice alone gives rise to, by its unit.

    Raises:
        CompileError: With every finding, when one of them is an error.
    """
    findings = Findings(document)
    of_units: dict[str, list[Diagnostic]] = {}
    check_names(platform, findings)
    check_recipients(platform, findings)
    if platform.gitops is not None:
        from generator.stages.check.gitops import check_gitops

        check_gitops(platform, platform.gitops, findings)
    for application in platform.applications:
        check_manifests(application.manifests, findings)
        for environment in application.environments:
            check_manifests(environment.manifests, findings)
            check_exposure(environment, findings)
            check_vaults(environment, findings)
            if environment.storage is not None:
                path = (*environment.path, "storage", "image")
                check_reference(environment.storage.image, f"MongoDB in '{environment.name}'", path, findings)
            for microservice in environment.microservices:
                if isinstance(microservice, Silhouette):
                    continue
                before = len(findings.found)
                check_heads(application, environment, microservice, findings)
                check_runtimes(platform.customer, application, environment, microservice, findings)
                check_leaks(microservice, findings)
                check_manifests(microservice.manifests, findings)
                check_variables(microservice, findings)
                if own := findings.found[before:]:
                    of_units[f"{application.name}/{environment.name}/{microservice.name}"] = own
    check_texts(findings)
    findings.stop_on_errors()
    kept = set(map(id, findings.found))
    return findings.found, {name: [each for each in own if id(each) in kept] for name, own in of_units.items()}
