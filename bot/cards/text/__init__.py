"""Every sentence and label that people read in Discord, by subject; change it here to change the voice.

Names, titles and texts passed in have been made inert already, by `bot.cards.escape`. Import a
subject by its name: ``from bot.cards.text import alerts as alert_text``.
"""
