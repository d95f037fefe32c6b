## 每个检查代码的含义和处理办法（`explain CODE`）。
