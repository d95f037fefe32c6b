## src/deploy 的文字：镜像、目录、容器、状态。
