package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import com.datastax.oss.driver.internal.core.session.SessionWrapper;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A session that loses the answer to a batch: it was carried out, and nobody says so. */
final class LossySession extends SessionWrapper implements CqlSession {

  private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

  LossySession(CqlSession session) {
    super(session);
  }

  /**
   * Loses the answer to the next batch.
   *
   * @param action what happens before the caller hears that there is none
   */
  void loseNextBatch(Runnable action) {
    meanwhile.set(action);
  }

  @Override
  public <RequestT extends Request, ResultT> @Nullable ResultT execute(
      RequestT request, GenericType<ResultT> resultType) {
    ResultT result = super.execute(request, resultType);
    Runnable action = request instanceof BatchStatement ? meanwhile.getAndSet(null) : null;
    if (action != null) {
      action.run();
      throw new DriverTimeoutException("lost, as a test wants it");
    }
    return result;
  }
}
