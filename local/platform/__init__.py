"""The platform stand-in: CoreWeave AI Object Storage on one machine. Start reading at `standin.py`."""

from .options import Options
from .signature import Key
from .standin import StandIn

__all__ = ["Key", "Options", "StandIn"]
