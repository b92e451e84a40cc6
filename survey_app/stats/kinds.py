"""The kinds of chart: what is drawn behind the points, and whether limits weigh how many people answered."""

from __future__ import annotations

from enum import StrEnum


class ChartKind(StrEnum):
    """What is drawn behind the points: limits of some kind, a median alone, or nothing."""

    XMR = "xmr"
    I_PRIME = "i_prime"
    P = "p"
    P_PRIME = "p_prime"
    U = "u"
    U_PRIME = "u_prime"
    RUN = "run"
    NONE = "none"

    @property
    def weighs(self) -> bool:
        """Whether each point has limits of its own, nearer the centre where more people answered.

        Returns
        -------
        bool
            False for XmR and run charts, which do not know how many answered.
        """
        return self in _WEIGHING


_WEIGHING = {ChartKind.I_PRIME, ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME}
