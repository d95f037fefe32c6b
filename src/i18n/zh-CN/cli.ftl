# Messages of the room: cli

cli-warning = 警告：{ $text }
cli-error = 错误：{ $text }
cli-hint = 提示：{ $text }
