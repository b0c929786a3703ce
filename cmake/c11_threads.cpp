// The C11 threads that librdkafka uses, by POSIX ones. ThreadSanitizer knows the latter alone: a
// thread that it has not seen begin crashes it, and a mutex that it has not seen locked orders
// nothing. For builds with it only; glibc's own types are those of POSIX by another name.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <memory>

namespace {

struct Beginning {
  thrd_start_t start;
  void* argument;
};

void* begin(void* from) {
  const std::unique_ptr<Beginning> beginning(static_cast<Beginning*>(from));
  const Beginning copy = *beginning;
  return reinterpret_cast<void*>(static_cast<intptr_t>(copy.start(copy.argument)));
}

pthread_mutex_t* posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

int result_of(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case ETIMEDOUT:
      return thrd_timedout;
    case ENOMEM:
      return thrd_nomem;
    default:
      return thrd_error;
  }
}

}  // namespace

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t));
static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t));
static_assert(sizeof(thrd_t) == sizeof(pthread_t));

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t start, void* argument) {
  auto beginning = std::make_unique<Beginning>(Beginning{start, argument});
  const int error =
      pthread_create(reinterpret_cast<pthread_t*>(thread), nullptr, &begin, beginning.get());
  if (error == 0) static_cast<void>(beginning.release());
  return result_of(error);
}

int thrd_join(thrd_t thread, int* result) {
  void* returned = nullptr;
  const int error = pthread_join(static_cast<pthread_t>(thread), &returned);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<intptr_t>(returned));
  return result_of(error);
}

int mtx_init(mtx_t* mutex, int type) noexcept {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) {
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  }
  const int error = pthread_mutex_init(posix(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return result_of(error);
}
void mtx_destroy(mtx_t* mutex) noexcept { pthread_mutex_destroy(posix(mutex)); }
int mtx_lock(mtx_t* mutex) { return result_of(pthread_mutex_lock(posix(mutex))); }
int mtx_unlock(mtx_t* mutex) noexcept { return result_of(pthread_mutex_unlock(posix(mutex))); }

int cnd_init(cnd_t* condition) noexcept {
  return result_of(pthread_cond_init(posix(condition), nullptr));
}
void cnd_destroy(cnd_t* condition) noexcept { pthread_cond_destroy(posix(condition)); }
int cnd_signal(cnd_t* condition) noexcept {
  return result_of(pthread_cond_signal(posix(condition)));
}
int cnd_broadcast(cnd_t* condition) noexcept {
  return result_of(pthread_cond_broadcast(posix(condition)));
}
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return result_of(pthread_cond_wait(posix(condition), posix(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const struct timespec* until) {
  return result_of(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}

}  // extern "C"
