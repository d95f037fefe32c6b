# Messages of the room: cli

cli-warning = warning: { $text }
cli-error = error: { $text }
cli-hint = hint: { $text }
