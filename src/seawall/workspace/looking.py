"""Fast reads for pages: the lake in memory, alerts and cases by index, never more than a page of anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from seawall.casebook import Act
from seawall.errors import InputError, RuleError
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    from seawall.casebook.indicators_looking import Bank, IndicatorFilter, IndicatorPage
    from seawall.workspace.looking_filter import MessageFilter
    from seawall.workspace.looking_held import HeldLake
    from seawall.workspace.looking_indicators import IndicatorSeen
    from seawall.workspace.looking_jobs import NetworkAsked
    from seawall.workspace.looking_messages import MessageSeen, MessagesSeen
    from seawall.workspace.looking_network import EdgeSeen, NetworkSeen
    from seawall.workspace.looking_overview import OverviewSeen
    from seawall.workspace.looking_people import AccountSeen, ChannelSeen
    from seawall.workspace.looking_sources import SourcesSeen
    from seawall.workspace.looking_timeline import TimelineSeen

MOST_ALERTS = 50
MOST_SURGES = 40


class Looking(OpenedFolder):
    """What a workspace shows to people who look around.

    What pages need of the lake is read once for each of its states and kept in the memory of the process: see
    ``warm``. Every read of messages or of one account is audited before anything is shown. Where people are enrolled,
    every method raises RuleError to whoever may not read what it shows.
    """

    def warm(self) -> None:
        """Read what pages need of the lake, and what was expected of its largest platform: the first page need not.

        Raises:
            StorageError: the disk or the casebook refused, or the lake is damaged.
        """
        from seawall.workspace.looking_overview import overview

        overview(self, self._held(), frozenset(), None, None, None)

    def overview(
        self, *, platform: str | None = None, start: datetime | None = None, end: datetime | None = None
    ) -> OverviewSeen:
        """What is unusual now.

        Args:
            platform: whose timeline is drawn; the one with the most messages where None.
            start: of the timeline (UTC); 90 days before its end where None.
            end: of the timeline (UTC); the last message where None.
        """
        from seawall.workspace.looking_overview import overview

        self._permit(Act.READ_OVERVIEW)
        return overview(self, self._held(), self._own(), platform, start, end)

    def look(self, chosen: MessageFilter) -> TimelineSeen | None:
        """The messages of a filter over time; None where the lake is empty. Audited where it is about one account."""
        from seawall.workspace.looking_overview import SHOWN
        from seawall.workspace.looking_timeline import timeline

        self._permit(Act.EXPLORE)
        held = self._held()
        self._tell_account(chosen.account, "timeline")
        surges: Sequence[Any] = ()
        span = held.platform_spans.get(chosen.platform) if chosen.platform else None
        if span is not None and chosen.channel is chosen.account is chosen.text is None and chosen.platform:
            start, end = chosen.start or span[0], chosen.end or span[1] + SHOWN
            surges = self.casebook.glances.surges(chosen.platform, start, end, most=MOST_SURGES, own=self._own())
        return timeline(held, chosen, "Messages", surges)

    def message_page(self, chosen: MessageFilter, *, page: int = 1) -> MessagesSeen:
        """A page of messages, the latest first. The read is audited."""
        from seawall.workspace.looking_messages import message_page

        self._permit(Act.EXPLORE)
        self._tell_messages(chosen, "page")
        return message_page(self, self._held(), chosen, page)

    def messages_seen(self, ids: Sequence[str]) -> dict[str, MessageSeen]:
        """Those of the messages that the lake has, by id. The read is audited."""
        from seawall.workspace.looking_messages import messages_of

        self._permit(Act.READ_CASES)
        self.casebook.audit.append(self.reviewer, "read", {"table": "messages", "ids": len(ids)})
        return messages_of(self, ids)

    def network_seen(self, asked: NetworkAsked, *, patience: float = 0.2) -> NetworkSeen:
        """Who acted together among the messages of a filter, or how far its computation is. The read is audited.

        Args:
            asked: which network. It is computed beside the pages, once.
            patience: seconds to wait for it.

        Raises:
            ConfigurationError: too many networks are being computed.
        """
        from seawall.workspace.looking_network import asked_network, network_seen

        self._permit(Act.EXPLORE)
        self._tell_messages(asked.chosen, "network")
        job = asked_network(self, asked)
        job.ended.wait(patience)
        return network_seen(job)

    def network_drawn(self, asked: NetworkAsked, *, every_account: bool = False) -> dict[str, Any]:
        """A network as JSON for the script that draws it: see ``looking_network.drawn``. The read is audited.

        Above 2,000 accounts the communities are drawn, unless ``every_account``. ``state`` is "ready", "working" (then
        ``doing``, ``done``, ``total``) or "failed" (then ``problem``).
        """
        from seawall.workspace.looking_network import asked_network, drawn, network_seen

        self._permit(Act.EXPLORE)
        self._tell_messages(asked.chosen, "network")
        job = asked_network(self, asked)
        told = network_seen(job)
        if told.state == "ready":
            return drawn(job, asked, every_account=every_account)
        return {
            "state": told.state,
            "doing": told.doing,
            "done": told.done,
            "total": told.total,
            "problem": told.problem,
        }

    def edge_seen(self, asked: NetworkAsked, source: str, target: str, *, page: int = 1) -> EdgeSeen:
        """The messages behind a pair of accounts, 200 meetings a page. The read is audited.

        Raises:
            InputError: an account that wrote nothing in this time.
        """
        from seawall.workspace.looking_network import edge_seen

        self._permit(Act.EXPLORE)
        committed = [self.casebook.commit(one) for one in (source, target)]
        self.casebook.audit.append(self.reviewer, "read", {"table": "messages", "for": "edge", "accounts": committed})
        return edge_seen(self, asked, source, target, page)

    def account_seen(self, account: str) -> AccountSeen:
        """What an account did, in counts, and the alerts that name it. The read is audited.

        Raises:
            InputError: nothing is known of it.
        """
        from seawall.workspace.looking_people import account_seen

        self._permit(Act.READ_ACCOUNT)
        self._tell_account(account, "account")
        held = self._held()
        alerts, total = self.casebook.glances.about("account", account, most=MOST_ALERTS, own=self._own())
        found = account_seen(held, account, alerts, total)
        if found is None:
            raise InputError("Nothing is known of this account.", mend="Take the whole pseudonym from a page.")
        return found

    def channel_seen(self, channel: str) -> ChannelSeen:
        """What happened in a channel, in counts, and the alerts that name it. The read is audited.

        Raises:
            InputError: nothing is known of it.
        """
        from seawall.workspace.looking_people import channel_seen

        self._permit(Act.READ_CHANNEL)
        self.casebook.audit.append(self.reviewer, "read", {"channel": self.casebook.commit(channel)})
        held = self._held()
        alerts, total = self.casebook.glances.about("channel", channel, most=MOST_ALERTS, own=self._own())
        found = channel_seen(held, channel, alerts, total)
        if found is None:
            raise InputError("Nothing is known of this channel.", mend="Take its whole name from a page.")
        return found

    def channel_titles(self, ids: Sequence[str]) -> dict[str, str]:
        """The titles of those of the channels that have one: broadcast channels."""
        channels = self._held().channels
        told = ((one, channels.get(one, {}).get("title")) for one in ids)
        return {one: title for one, title in told if title}

    def platforms_seen(self) -> tuple[tuple[str, int], ...]:
        """The platforms with their messages, the largest first."""
        return self._held().platforms

    def sources_seen(self) -> SourcesSeen:
        """What is collected: connections, what was committed and set aside, and when nothing was collected."""
        from seawall.workspace.looking_sources import sources_seen

        self._permit(Act.READ_SOURCES)
        return sources_seen(self, self._held())

    def indicators_seen(self, wanted: IndicatorFilter, *, page: int = 1) -> tuple[tuple[Bank, ...], IndicatorPage]:
        """The lists of indicators, and a page of 200 entries that fit."""
        from seawall.workspace.looking_indicators import indicators_seen

        self._permit(Act.READ_INDICATORS)
        return indicators_seen(self, wanted, page)

    def indicator_seen(self, id_: str, *, page: int = 1) -> IndicatorSeen:
        """One indicator, and a page of the messages that carry it. The read is audited.

        Raises:
            RuleError: there is no such indicator.
        """
        from seawall.casebook.indicators_rows import as_id
        from seawall.workspace.looking_indicators import indicator_seen

        self._permit(Act.READ_INDICATORS)
        one = self.casebook.indicators.one(id_)
        if one.id != as_id(id_):
            raise RuleError("There is no such indicator.", mend="List them with: seawall indicators DIR")
        self.casebook.audit.append(self.reviewer, "read", {"sightings": one.id})
        return indicator_seen(self, one.id, page)

    def _held(self) -> HeldLake:
        from seawall.workspace.looking_shelf import held_lake

        return held_lake(self.path)

    def _permit(self, act: Act) -> None:
        self.casebook.people.permit(self.reviewer, act)

    def _own(self) -> frozenset[str]:
        """The detectors whose cases this person may see; none = all."""
        return self.casebook.people.queues_of(self.reviewer) or frozenset()

    def _tell_account(self, account: str | None, why: str) -> None:
        if account is not None:
            told = {"for": why, "account": self.casebook.commit(account)}
            self.casebook.audit.append(self.reviewer, "read account", told)

    def _tell_messages(self, chosen: MessageFilter, why: str) -> None:
        told: dict[str, Any] = {"table": "messages", "for": why}
        told |= {name: str(one) for name, one in (("start", chosen.start), ("end", chosen.end)) if one is not None}
        told |= {name: self.casebook.commit(value) for name, value in chosen.names.items() if name != "platform"}
        if chosen.text is not None:
            told["text"] = chosen.text
        self.casebook.audit.append(self.reviewer, "read", told)
