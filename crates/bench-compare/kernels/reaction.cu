// One step of two species that are carried by a wind, spread, and react, on a plane; sums per group.
extern "C" __global__ void KERNEL(float *un, float *vn, const float *u, const float *v, const float *wind, float *sums,
                                  long nx, long ny, float dt, float du, float dv, float feed, float kill) {
    __shared__ float part[256];
    int lx = threadIdx.x, ly = threadIdx.y;
    long i = (long)blockIdx.x * blockDim.x + lx, j = (long)blockIdx.y * blockDim.y + ly;
    int lane = ly * blockDim.x + lx, lanes = blockDim.x * blockDim.y;
    float mass = 0;
    if (i < nx && j < ny) {
        long left = i == 0 ? nx - 1 : i - 1, right = i == nx - 1 ? 0 : i + 1;
        long down = j == 0 ? ny - 1 : j - 1, up = j == ny - 1 ? 0 : j + 1;
#define U(a, b) u[(a) + nx * (b)]
#define V(a, b) v[(a) + nx * (b)]
        float uc = U(i, j), vc = V(i, j);
        float lu = -uc, lv = -vc;
        long as[4] = {left, right, i, i}, bs[4] = {j, j, down, up};
        for (int k = 0; k < 4; k++) {
            lu += 0.2f * U(as[k], bs[k]);
            lv += 0.2f * V(as[k], bs[k]);
        }
        lu += 0.05f * (U(left, down) + U(right, down) + U(left, up) + U(right, up));
        lv += 0.05f * (V(left, down) + V(right, down) + V(left, up) + V(right, up));
        float wx = wind[2 * (i + nx * j)], wy = wind[1 + 2 * (i + nx * j)];
        float gu, gv, hu, hv;
        if (wx > 0) {
            gu = uc - U(left, j);
            gv = vc - V(left, j);
        } else {
            gu = U(right, j) - uc;
            gv = V(right, j) - vc;
        }
        if (wy > 0) {
            hu = uc - U(i, down);
            hv = vc - V(i, down);
        } else {
            hu = U(i, up) - uc;
            hv = V(i, up) - vc;
        }
        float carried_u = wx * gu + wy * hu, carried_v = wx * gv + wy * hv;
        float rate = uc * vc * vc / (1.0f + 0.1f * vc), a = uc, b = vc;
        for (int step = 0; step < 4; step++) {
            float s = dt * 0.25f;
            float da = feed * (1.0f - a) - rate, db = rate - (feed + kill) * b;
            a += s * da;
            b += s * db;
            rate = a * b * b / (1.0f + 0.1f * b);
        }
        a += dt * (du * lu - carried_u);
        b += dt * (dv * lv - carried_v);
        un[i + nx * j] = fminf(fmaxf(a, 0.0f), 1.0f);
        vn[i + nx * j] = fminf(fmaxf(b, 0.0f), 1.0f);
        mass = sqrtf(a * a + b * b);
    }
    part[lane] = mass;
    __syncthreads();
    for (int half = lanes / 2; half > 0; half /= 2) {
        if (lane < half) part[lane] += part[lane + half];
        __syncthreads();
    }
    if (lane == 0) sums[blockIdx.x + gridDim.x * blockIdx.y] = part[0];
}
