"""The product's signed doors, called as the provider calls them: WhatsApp, receipts, calls."""

from __future__ import annotations

from collections.abc import Mapping

from twilio.request_validator import RequestValidator

from survey_app.ask.sending.receipts import Said
from survey_app.bootstrap import Runtime
from survey_app.hear.channels import hooks
from survey_app.hear.channels.voice import routes as voice
from survey_app.hear.channels.whatsapp.inbound import SCHEME
from survey_app.web.site import new_site
from tests.simulation.words import Meaning, Writing


class Shut(AssertionError):
    """A door did not take what the provider brought."""


class Doors:
    """The real doors of one installation, without a socket between."""

    def __init__(self, runtime: Runtime) -> None:
        self._settings = runtime.settings
        self._signer = RequestValidator(runtime.settings.twilio_auth_token)
        parts = (runtime.database, runtime.clock, runtime.settings, runtime.keys, runtime.library)
        site = new_site(runtime.settings)
        site.register_blueprint(hooks.blueprint(hooks.Needs(*parts, runtime.wording)))
        site.register_blueprint(voice.blueprint(voice.Needs(*parts, runtime.wording)))
        site.testing = True  # what breaks inside is told here
        self._client = site.test_client()

    def message(self, writing: Writing, provider_id: str) -> None:
        """Bring a WhatsApp message."""
        form = {
            "MessageSid": provider_id,
            "From": SCHEME + writing.phone,
            "To": SCHEME + self._settings.whatsapp_number,
            "Body": writing.body,
            "NumMedia": str(int(writing.meaning is Meaning.PHOTO)),
            "OriginalRepliedMessageSid": writing.replied_to,
        }
        tapped = {"ButtonText": writing.body, "ButtonPayload": writing.payload, "MessageType": "button"}
        self._post("/hooks/twilio/message", form | (tapped if writing.payload else {}))

    def receipt(self, said: Said) -> None:
        """Bring word of what became of a WhatsApp message."""
        form = {"MessageSid": said.provider_id, "MessageStatus": said.status, "ErrorCode": said.error_code}
        self._post(f"/hooks/twilio/status?o={said.callback_token}", form)

    def call(self, url: str, form: Mapping[str, str]) -> str:
        """Bring word of a call and return what is to be said."""
        return self._post(url.removeprefix(self._settings.public_base_url), form)

    def _post(self, path: str, form: Mapping[str, str]) -> str:
        form = {**form, "AccountSid": self._settings.twilio_account_sid}
        base = self._settings.public_base_url
        signature = self._signer.compute_signature(base + path, form)
        reply = self._client.post(path, base_url=base, data=form, headers={"X-Twilio-Signature": signature})
        if reply.status_code >= 400:
            raise Shut(f"{path.partition('?')[0]} answered {reply.status_code}")
        return reply.get_data(as_text=True)
