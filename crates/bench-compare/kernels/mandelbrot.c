void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    int32_t *restrict out = p[0];
    int64_t m = n[0];
    for (int64_t j = first; j < last; j++)
        for (int64_t i = 0; i < m; i++) {
            float cx = -2.0f + 3.0f * (float)i / (float)m, cy = -1.5f + 3.0f * (float)j / (float)m;
            float x = 0, y = 0;
            int32_t k = 0;
            while (k < 256) {
                float xx = x * x, yy = y * y;
                if (xx + yy > 4.0f) break;
                y = 2.0f * x * y + cy;
                x = xx - yy + cx;
                k++;
            }
            out[i + m * j] = k;
        }
}
