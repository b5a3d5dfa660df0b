from pathlib import PurePosixPath

import pytest

from generator.stages.layout.files import building


@pytest.mark.parametrize(
    ("plain", "place"),
    [
        ("shop/application.yaml", "shop/application/application.yaml"),
        ("shop/registry.secret.yaml", "shop/application/registry.secret.yaml"),
        ("shop/dev/environment.yaml", "shop/overlays/dev/environment/environment.yaml"),
        ("shop/dev/catalog.yaml", "shop/overlays/dev/catalog/kustomization.yaml"),
        ("shop/dev/catalog.files.secret.yaml", "shop/overlays/dev/catalog/kustomization.yaml"),
        ("shop/dev/main.store.secret.yaml", "shop/overlays/dev/environment/main.store.secret.yaml"),
        ("gitops/shop/flux.yaml", "gitops/shop/flux.yaml"),
    ],
)
def test_a_file_of_the_plain_layout_is_built_by_one_of_this(plain: str, place: str) -> None:
    assert building(PurePosixPath(plain)) == PurePosixPath(place)
