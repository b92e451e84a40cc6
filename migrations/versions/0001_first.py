"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey_app.database import JsonText

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    """Text that the database itself keeps to a list of values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column(
            "kind",
            one_of("distresskind", "crisis", "emergency", "abuse", "neglect", "lowmood"),
            nullable=False,
        ),
        sa.Column("place_id", sa.String(40), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", one_of("alertstate", "raised", "acknowledged"), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("source", name=op.f("uq_alert_source")),
    )
    op.create_table(
        "bin_plan",
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("from_quarter", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "from_quarter", name=op.f("pk_bin_plan")),
    )
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("unit_path", sa.String(200), nullable=False),
        sa.Column("bin_start", sa.Date(), nullable=False),
        sa.Column("bin_end", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("n_people", sa.Integer(), nullable=False),
        sa.Column("n_carried", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.CheckConstraint("n_people >= 10", name=op.f("ck_block_enough_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint(
            "instrument_id",
            "instrument_version",
            "audience",
            "unit_id",
            "bin_start",
            "sequence",
            name=op.f("uq_block_instrument_id_instrument_version_audience_unit_id_bin_start_sequence"),
        ),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("instrument_id", sa.String(64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("rota_items", sa.Integer(), nullable=True),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("localities", JsonText, nullable=False),
        sa.Column("channels", JsonText, nullable=False),
        sa.Column("rhythm", one_of("rhythm", "once", "weekly"), nullable=False),
        sa.Column("weekly_sample", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("state", one_of("campaignstate", "draft", "running", "paused", "ended"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("name", name=op.f("uq_campaign_name")),
    )
    op.create_table(
        "counting",
        sa.Column("ended_before", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ended_before", name=op.f("pk_counting")),
    )
    op.create_table(
        "delivery_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("error_code", sa.String(16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_receipt")),
        sa.UniqueConstraint(
            "provider_id",
            "status",
            "error_code",
            name=op.f("uq_delivery_receipt_provider_id_status_error_code"),
        ),
    )
    op.create_table(
        "drawing",
        sa.Column("measure_id", sa.String(80), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("rendering", one_of("rendering", "svg", "narrow_svg", "png"), nullable=False),
        sa.Column("release", sa.String(22), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", "place_id", "rendering", name=op.f("pk_drawing")),
    )
    op.create_table(
        "handset_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("direction", one_of("direction", "received", "sent"), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handset_message")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_handset_message_provider_id")),
    )
    op.create_index(op.f("ix_handset_message_phone"), "handset_message", ["phone"])
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "business_date", name=op.f("pk_job_run")),
    )
    op.create_table(
        "key_proof",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("proof", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_proof")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "neighbour_group",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_group")),
        sa.UniqueConstraint("path", name=op.f("uq_neighbour_group_path")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "messagekind", "invite", "reminder", "question", "reply", "stop_done", "signpost", "alert"
            ),
            nullable=False,
        ),
        sa.Column("medium", one_of("medium", "text", "email"), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(32), nullable=False),
        sa.Column("subject", sa.String(120), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            one_of("messagestate", "pending", "claimed", "accepted", "rejected", "unknown", "withdrawn"),
            nullable=False,
        ),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("callback_token", sa.String(22), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=True),
        sa.Column("delivery", sa.String(24), nullable=True),
        sa.Column("delivery_rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("callback_token", name=op.f("uq_outbox_callback_token")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_outbox_provider_id")),
    )
    op.create_index(op.f("ix_outbox_address_index"), "outbox", ["address_index"])
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"])
    op.create_index(op.f("ix_outbox_invitation_id"), "outbox", ["invitation_id"])
    op.create_table(
        "place",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", one_of("placekind", "system", "place", "locality", "practice"), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("parent_id", sa.String(40), nullable=True),
        sa.Column("path", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        sa.UniqueConstraint("path", name=op.f("uq_place_path")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(22), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("token", name=op.f("uq_release_token")),
    )
    op.create_table(
        "series",
        sa.Column("measure_id", sa.String(80), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("release", sa.String(22), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("latest_to", sa.Date(), nullable=True),
        sa.Column("latest_n", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            one_of(
                "pointstate", "common_cause", "improvement", "concern", "neutral_high", "neutral_low", "none"
            ),
            nullable=False,
        ),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", "place_id", name=op.f("pk_series")),
    )
    op.create_index("ix_series_place", "series", ["place_id"])
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "suppression",
        sa.Column("phone_index", sa.LargeBinary(32), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_suppression")),
    )
    op.create_table(
        "cell",
        sa.Column("block_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("code", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_cell_block_id")),
        sa.PrimaryKeyConstraint("block_id", "item_id", "code", name=op.f("pk_cell")),
    )
    op.create_table(
        "draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(80), nullable=False),
        sa.Column("n_eligible", sa.Integer(), nullable=False),
        sa.Column("n_drawn", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_draw_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("campaign_id", "week", name=op.f("uq_draw_campaign_id_week")),
    )
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("instrument_id", sa.String(64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("bin_start", sa.Date(), nullable=False),
        sa.Column("bin_end", sa.Date(), nullable=False),
        sa.Column("counts", JsonText, nullable=False),
        sa.Column("n_valid", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_figure_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint(
            "place_id",
            "instrument_id",
            "instrument_version",
            "audience",
            "item_id",
            "bin_start",
            "bin_end",
            name=op.f(
                "uq_figure_place_id_instrument_id_instrument_version_audience_item_id_bin_start_bin_end"
            ),
        ),
    )
    op.create_index(op.f("ix_figure_release_id"), "figure", ["release_id"])
    op.create_table(
        "group_place",
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("from_quarter", sa.Date(), nullable=False),
        sa.Column("group_id", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["neighbour_group.id"], name=op.f("fk_group_place_group_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_group_place_place_id")),
        sa.PrimaryKeyConstraint("place_id", "from_quarter", name=op.f("pk_group_place")),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("locality_id", sa.String(40), nullable=False),
        sa.Column("practice_id", sa.String(40), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", one_of("channelchoice", "text", "web"), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(32), nullable=True),
        sa.Column("consent", one_of("consent", "given", "withdrawn"), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["locality_id"], ["place.id"], name=op.f("fk_participant_locality_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["place.id"], name=op.f("fk_participant_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("reference", name=op.f("uq_participant_reference")),
    )
    op.create_index("ix_participant_draw", "participant", ["audience", "locality_id", "id"])
    op.create_index(op.f("ix_participant_phone_index"), "participant", ["phone_index"])
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("instrument_id", sa.String(64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("items", JsonText, nullable=True),
        sa.Column("channel", one_of("channel", "web", "sms"), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column(
            "state", one_of("responsestate", "started", "finished", "expired", "quarantined"), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_response_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("origin", name=op.f("uq_response_origin")),
    )
    op.create_index("ix_response_expiry", "response", ["state", "expires_at"])
    op.create_index("ix_response_unsettled", "response", ["settled_at", "state", "finished_at"])
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", one_of("role", "administrator", "lead", "survey_officer"), nullable=False),
        sa.Column("place_path", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_role_grant_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "staff_id", "role", "place_path", name=op.f("uq_role_grant_staff_id_role_place_path")
        ),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_table(
        "answer",
        sa.Column("response_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_answer_response_id")),
        sa.PrimaryKeyConstraint("response_id", "item_id", name=op.f("pk_answer")),
    )
    op.create_table(
        "block_member",
        sa.Column("response_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_block_member_block_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_block_member_response_id")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_block_member")),
    )
    op.create_index(op.f("ix_block_member_block_id"), "block_member", ["block_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("items", JsonText, nullable=True),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column(
            "state", one_of("invitationstate", "open", "answered", "expired", "cancelled"), nullable=False
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_invitation_campaign_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_invitation_draw_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_invitation_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("draw_id", "participant_id", name=op.f("uq_invitation_draw_id_participant_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_invitation_nonce")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_campaign_id"), "invitation", ["campaign_id"])
    op.create_index("ix_invitation_recent", "invitation", ["participant_id", "invited_at"])
    op.create_table(
        "pooled",
        sa.Column("response_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instrument_id", sa.String(64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_pooled_response_id")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_pooled")),
    )
    op.create_index(
        "ix_pooled_stream",
        "pooled",
        ["instrument_id", "instrument_version", "audience", "settled_at", "response_id"],
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", one_of("channel", "web", "sms"), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_submission_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_submission_channel_key")),
    )
    op.create_index(op.f("ix_submission_response_id"), "submission", ["response_id"])
    op.create_table(
        "waiting",
        sa.Column("response_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("instrument_id", sa.String(64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("audience", one_of("audience", "user", "carer", "staff"), nullable=False),
        sa.Column("place_id", sa.String(40), nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_waiting_response_id")),
        sa.PrimaryKeyConstraint("response_id", "item_id", name=op.f("pk_waiting")),
    )
    op.create_index(op.f("ix_waiting_place_id"), "waiting", ["place_id"])
    op.create_table(
        "answer_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_answer_history_response_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_history_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_history")),
    )
    op.create_index(op.f("ix_answer_history_response_id"), "answer_history", ["response_id"])
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("our_address", sa.String(20), nullable=False),
        sa.Column("address_index", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "state",
            one_of("conversationstate", "invited", "active", "completed", "expired", "opted_out", "declined"),
            nullable=False,
        ),
        sa.Column("item_id", sa.String(40), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("misreadings", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_conversation_invitation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_conversation_invitation_id")),
    )
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["our_address", "address_index"],
        unique=True,
        sqlite_where=sa.text("state IN ('invited', 'active')"),
        postgresql_where=sa.text("state IN ('invited', 'active')"),
    )
    op.create_table(
        "inbound_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("address_index", sa.LargeBinary(32), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("intent", sa.String(24), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_inbound_message_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_inbound_message_provider_id")),
    )
    op.create_index(op.f("ix_inbound_message_address_index"), "inbound_message", ["address_index"])


def downgrade() -> None:
    op.drop_index(op.f("ix_inbound_message_address_index"), table_name="inbound_message")
    op.drop_table("inbound_message")
    op.drop_index(
        "uq_conversation_open",
        table_name="conversation",
        sqlite_where=sa.text("state IN ('invited', 'active')"),
        postgresql_where=sa.text("state IN ('invited', 'active')"),
    )
    op.drop_table("conversation")
    op.drop_index(op.f("ix_answer_history_response_id"), table_name="answer_history")
    op.drop_table("answer_history")
    op.drop_index(op.f("ix_waiting_place_id"), table_name="waiting")
    op.drop_table("waiting")
    op.drop_index(op.f("ix_submission_response_id"), table_name="submission")
    op.drop_table("submission")
    op.drop_index("ix_pooled_stream", table_name="pooled")
    op.drop_table("pooled")
    op.drop_index("ix_invitation_recent", table_name="invitation")
    op.drop_index(op.f("ix_invitation_campaign_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_block_member_block_id"), table_name="block_member")
    op.drop_table("block_member")
    op.drop_table("answer")
    op.drop_table("staff_session")
    op.drop_table("role_grant")
    op.drop_index("ix_response_unsettled", table_name="response")
    op.drop_index("ix_response_expiry", table_name="response")
    op.drop_table("response")
    op.drop_index(op.f("ix_participant_phone_index"), table_name="participant")
    op.drop_index("ix_participant_draw", table_name="participant")
    op.drop_table("participant")
    op.drop_table("group_place")
    op.drop_index(op.f("ix_figure_release_id"), table_name="figure")
    op.drop_table("figure")
    op.drop_table("draw")
    op.drop_table("cell")
    op.drop_table("suppression")
    op.drop_table("staff")
    op.drop_index("ix_series_place", table_name="series")
    op.drop_table("series")
    op.drop_table("release")
    op.drop_table("place")
    op.drop_index(op.f("ix_outbox_invitation_id"), table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_index(op.f("ix_outbox_address_index"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("neighbour_group")
    op.drop_table("lease")
    op.drop_table("key_proof")
    op.drop_table("job_run")
    op.drop_index(op.f("ix_handset_message_phone"), table_name="handset_message")
    op.drop_table("handset_message")
    op.drop_table("drawing")
    op.drop_table("delivery_receipt")
    op.drop_table("counting")
    op.drop_table("campaign")
    op.drop_table("block")
    op.drop_table("bin_plan")
    op.drop_table("alert")
