## src/check 的文字：定时检查的发现。
