"""Objects into bases and overlays, so that `kustomize build` gives the objects back as they were.

All that happens here is computed from the objects alone, whatever made them. What kustomize will do to them is
worked out as well: an object that would not come back the same stands complete in its overlay.
"""

from generator.stages.layout.layout import Kept, Layout, Member, lay_out
from generator.stages.layout.losses import loss_findings
from generator.stages.layout.surroundings import Surroundings

__all__ = ["Kept", "Layout", "Member", "Surroundings", "lay_out", "loss_findings"]
