void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict y = p[0];
    const float *restrict x = p[1];
    int64_t rows = n[0], m = n[1];
    for (int64_t i = first; i < last; i++) {
        float top = x[i];
        for (int64_t j = 1; j < m; j++) top = x[i + rows * j] > top ? x[i + rows * j] : top;
        float sum = 0;
        for (int64_t j = 0; j < m; j++) {
            float e = expf(x[i + rows * j] - top);
            y[i + rows * j] = e;
            sum += e;
        }
        for (int64_t j = 0; j < m; j++) y[i + rows * j] /= sum;
    }
}
