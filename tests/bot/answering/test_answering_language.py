"""A language is called foreign only where that is beyond doubt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answering.language import foreign_language

GOLDEN = Path(__file__).resolve().parents[3] / "knowledge" / "questions.jsonl"

FOREIGN = {
    "de": ["Wie reiche ich eine Reisekostenabrechnung ein?", "Mein Passwort geht nicht mehr",
           "Wo finde ich den Beleg?"],
    "fr": ["Comment puis-je soumettre une note de frais ?", "Mon mot de passe ne marche plus"],
    "es": ["¿Cómo puedo presentar mis gastos de viaje?", "No puedo iniciar sesión"],
    "it": ["Come posso inviare una nota spese?", "Non riesco ad accedere"],
    "nl": ["Hoe dien ik een declaratie in?", "Mijn wachtwoord werkt niet meer"],
    "pt": ["Como posso enviar uma nota de despesas?"],
    "pl": ["Jak złożyć wniosek o zwrot kosztów?", "Nie moge sie zalogowac", "Jak zmienić hasło w Quaymark?"],
    "sv": ["Hur skickar jag in mina utlägg?"],
    "tr": ["Masraflarımı nasıl girebilirim?"],
    "fi": ["Miten lähetän kululaskun?"],
    "cs": ["Jak mohu odeslat vyúčtování?"],
    "hu": ["Hogyan küldhetem be a számlát?"],
    "ro": ["Cum pot trimite decontul de cheltuieli?"],
    "vi": ["Làm thế nào để gửi báo cáo chi phí?"],
    "uk": ["Як подати звіт про витрати?"],
    "ru": ["Как отправить авансовый отчёт?"],
    "zh": ["我怎么提交报销单?", "如何在 Quaymark 提交报销单?"],
    "ja": ["経費の申請はどうすればいいですか"],
    "ko": ["비용 청구는 어떻게 하나요?"],
    "ar": ["كيف أرسل تقرير المصروفات؟"],
    "he": ["איך אני מגיש דוח הוצאות?"],
    "el": ["Πώς υποβάλλω τα έξοδά μου;"],
    "hi": ["मैं खर्च का दावा कैसे करूं?"],
}
IN_DOUBT = [
    "", "QM-208", "Quaymark Go iPhone", "CSV import", "per diem", "SAP login", "ClaimDesk",
    "per diem germany, full day?", "error 404", "VPN", "invoice", "cost centre", "Fiori app crash",
    "Bonjour", "Kostenstelle", "Wroclaw", "faktura",
    "Jira confluence okta", "pls help asap", "gr booking?", "MIRO MIGO", "ERROR CODE QM-208 REJECTED", "ok", "ja",
    "cancel order status rejected", "laptop screen white blank", "Utrecht Wroclaw Hull go-live date",
    "export CSV UTF-8 semicolon", "reset MFA authenticator iPhone", "vendor IBAN change",
    "What does “Kostenstelle” mean?", "What is the Polish word for receipt: paragon or rachunek?",
    "Who is Kirsten van der Meer?", "¿", "????", "👍 👍 👍",
    "the field Übersicht is empty", "Łódź office opening hours", "my name Müller is shown as MÃ¼ller",
    "https://intranet.example/übersicht/für/alle", "Why does it say “Zugriff verweigert, bitte melden Sie sich an”?",
    "C:\\Programme\\Quaymark\\über.exe will not start", "Π symbol is missing in my export",
    "日本 office address please?",
]


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in FOREIGN.items() for text in texts])
def test_a_foreign_question(language: str, text: str) -> None:
    assert foreign_language(text, {"en"}) == language
    assert foreign_language(text, {"en", language}) is None
    assert foreign_language(text, ()) is None


@pytest.mark.parametrize("text", IN_DOUBT)
def test_in_doubt_it_is_not_foreign(text: str) -> None:
    assert foreign_language(text, {"en"}) is None


def test_a_single_word_of_another_script_is_foreign_whatever_it_is() -> None:
    assert foreign_language("Пароль", {"en"})


def test_no_golden_question_is_foreign() -> None:
    questions = [json.loads(line)["question"] for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line]
    assert len(questions) > 200
    assert not [question for question in questions if foreign_language(question, {"en"})]
    assert not [question for question in questions if foreign_language(question.upper(), {"en"})]


def test_english_is_foreign_to_a_model_that_does_not_read_it() -> None:
    assert foreign_language("How do I hand in a receipt for a taxi?", {"de"}) == "en"
    assert foreign_language("Wie reiche ich eine Quittung ein?", {"de"}) is None
